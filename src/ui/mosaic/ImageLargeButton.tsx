/** @file Laid over the image of a patch: opens it large. Plain elements, as it is there with every channel. */
import { lazy, Suspense, useState } from 'react'
import { named } from '../common/named.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import './imageLarge.css'

/** Seldom opened: it comes when it is asked for. */
const ImageLarge = lazy(() => import('./ImageLarge.tsx'))

export function ImageLargeButton({ patch }: { patch: Patch }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="picture-open"
        aria-label="Enlarge the image"
        {...named()}
        onClick={() => setOpen(true)}
      />
      {isOpen && (
        <Suspense>
          <ImageLarge patch={patch} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
