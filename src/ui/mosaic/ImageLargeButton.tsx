/** @file Laid over the image of a patch: opens it large. */
import { lazy, Suspense } from 'react'
import { Button, DialogTrigger } from 'react-aria-components'
import type { Patch } from '../../state/mosaics.ts'
import './imageLarge.css'

/** Seldom opened: it comes when it is asked for. */
const ImageLarge = lazy(() => import('./ImageLarge.tsx'))

export function ImageLargeButton({ patch }: { patch: Patch }) {
  return (
    <DialogTrigger>
      <Button className="picture-open" aria-label="Enlarge the image" />
      <Suspense>
        <ImageLarge patch={patch} />
      </Suspense>
    </DialogTrigger>
  )
}
