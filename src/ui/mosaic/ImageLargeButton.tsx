/** @file Laid over the image of a patch: opens it large. */
import { lazy, Suspense } from 'react'
import { Button, DialogTrigger } from 'react-aria-components'
import { Named } from '../common/Named.tsx'
import type { Patch } from '../../state/mosaics.ts'
import './imageLarge.css'

/** Seldom opened: it comes when it is asked for. */
const ImageLarge = lazy(() => import('./ImageLarge.tsx'))

export function ImageLargeButton({ patch }: { patch: Patch }) {
  return (
    <DialogTrigger>
      <Named label="Enlarge the image">
        <Button className="picture-open" aria-label="Enlarge the image" />
      </Named>
      <Suspense>
        <ImageLarge patch={patch} />
      </Suspense>
    </DialogTrigger>
  )
}
