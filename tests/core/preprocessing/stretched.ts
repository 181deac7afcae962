/** @file Runs the resizers on whole RGBA pictures, which are stretched to any size. */
import { framing, type Placement, placement } from '../../../src/core/preprocessing/fit.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Raster } from '../../../src/core/preprocessing/raster.ts'
import { resizeBilinear } from '../../../src/core/preprocessing/resizeBilinear.ts'
import { resizeNearest } from '../../../src/core/preprocessing/resizeNearest.ts'

type Resize = (raster: Raster, lies: Placement) => Uint8Array | Float32Array
type Stretch = (
  rgba: Uint8ClampedArray | Uint8Array,
  height: number,
  width: number,
  toHeight: number,
  toWidth: number,
) => Float32Array

/** Returns values 0…255, `[toHeight, toWidth, 3]`. Alpha is ignored. */
function stretchedBy(resize: Resize): Stretch {
  return (data, height, width, toHeight, toWidth) => {
    const lies = placement(framing([toHeight, toWidth, 3], notebookPreprocessing), { width, height })
    return Float32Array.from(resize({ data, width, step: 4, bands: 3 }, lies))
  }
}

export const stretchBilinear = stretchedBy(resizeBilinear)
export const stretchNearest = stretchedBy(resizeNearest)
