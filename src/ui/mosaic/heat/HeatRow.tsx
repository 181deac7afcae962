/** @file Below the picture of the chosen patch: whether its heat-map is shown, and how; or why there is none. */
import { lazy, Suspense } from 'react'
import { heatOf, shownHeatGrid } from '../../../state/selectors/heat.ts'
import { useHasPicture } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import type { OpenChannel } from '../sections/section.ts'
import { HeatSwitch, useHeatKey } from './HeatSwitch.tsx'
import './heatRow.css'

const HeatTools = lazy(() => import('./HeatTools.tsx'))

export function HeatRow({ layer, channel, patch }: OpenChannel) {
  const hasPicture = useHasPicture()
  const heat = useApp((state) => heatOf(state, layer))
  const isOn = useApp((state) => shownHeatGrid(state, layer) !== null)
  useHeatKey()
  if (!patch || !heat || !hasPicture(patch.image)) return null
  if (heat.why !== null) return <p className="muted">{heat.why}</p>
  return (
    <div className="heat" role="group" aria-label="Heat-map of the image">
      <div className="heat-row">
        <HeatSwitch />
        {isOn && (
          <Suspense>
            <HeatTools layer={layer} channel={channel} image={patch.image} />
          </Suspense>
        )}
      </div>
      {isOn && heat.seesAll && (
        <p className="muted">
          Units see the whole image, or nearly, so their box says little: the heat-map shows where in it the
          channel fires.
        </p>
      )}
    </div>
  )
}
