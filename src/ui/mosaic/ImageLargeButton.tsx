/** @file A button over the image of a patch that opens it large. It is of plain elements, as each open channel has one. */
import { lazy, Suspense, useState } from 'react'
import { named } from '../common/named.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import './imageLarge.css'

/** It is seldom opened, so it is loaded when it is asked for. */
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
