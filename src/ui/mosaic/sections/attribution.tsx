/** @file Which pixels of the chosen patch excite the channel and which inhibit it. */
import { lazy, Suspense } from 'react'
import { modelOf } from '../../../state/selectors/shown.ts'
import { useHasPicture } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import type { OpenChannel, Section } from './section.ts'

const PatchAttribution = lazy(() => import('../../reasons/PatchAttribution.tsx'))

function AttributionOrNone({ layer, channel, patch }: OpenChannel) {
  const hasPicture = useHasPicture()
  const isModelOpen = useApp((state) => modelOf(state) !== null)
  if (!patch) return <p className="muted">There is no patch.</p>
  if (!isModelOpen || !hasPicture(patch.image))
    return <p className="muted">It is computed once the model and the images are open.</p>
  const { image, unit, box, seat } = patch
  return (
    <Suspense>
      <PatchAttribution place={{ layer, channel, image, unit, box }} seat={seat} />
    </Suspense>
  )
}

export const attribution: Section = {
  id: 'attribution',
  title: 'Attribution',
  folded: true,
  aside: true,
  Component: AttributionOrNone,
}
