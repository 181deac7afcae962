/** @file Margins of zeros around maps. */
import { type Job } from './job.ts'
import { hasMargins, paddedSize } from './shape.ts'
import { floatBytes } from './tiles.ts'

/** Copies maps into a frame of zeros, if the shape has margins. */
export function frameOf({ backend, shape }: Job): {
  bytes: number
  copied(input: number, scratch: number): number
} {
  if (!hasMargins(shape)) return { bytes: 0, copied: (input) => input }
  const { height, width, inChannels, margins } = shape
  const pixelBytes = inChannels * floatBytes
  const [rows, columns] = paddedSize(shape)
  const bytes = rows * columns * pixelBytes
  const rowBytes = width * pixelBytes
  let isClear = false
  return {
    bytes,
    copied(input, scratch) {
      const heap = backend.wasm.HEAPU8
      // The frame itself stays clear from one image to the next.
      if (!isClear) heap.fill(0, scratch, scratch + bytes)
      isClear = true
      for (let row = 0; row < height; row++) {
        const to = scratch + ((row + margins.top) * columns + margins.left) * pixelBytes
        heap.copyWithin(to, input + row * rowBytes, input + (row + 1) * rowBytes)
      }
      return scratch
    },
  }
}
