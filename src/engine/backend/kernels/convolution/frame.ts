/** @file Margins of zeros around maps. */
import { type Job } from './job.ts'
import { hasMargins, paddedSize } from './shape.ts'
import { floatBytes } from './tiles.ts'

/** Copies maps into a frame of zeros, if the shape has margins. Where a margin is negative, so much of the map is left out. */
export function frameOf({ backend, shape }: Pick<Job, 'backend' | 'shape'>): {
  bytes: number
  copied(input: number, scratch: number): number
} {
  if (!hasMargins(shape)) return { bytes: 0, copied: (input) => input }
  const { height, width, inChannels, margins } = shape
  const pixelBytes = inChannels * floatBytes
  const [rows, columns] = paddedSize(shape)
  const bytes = rows * columns * pixelBytes
  /** The part of the map that is seen. */
  const [top, left] = [Math.max(0, -margins.top), Math.max(0, -margins.left)]
  const bottom = height - Math.max(0, -margins.bottom)
  const seenBytes = Math.max(0, width - left - Math.max(0, -margins.right)) * pixelBytes
  let isClear = false
  return {
    bytes,
    copied(input, scratch) {
      const heap = backend.wasm.HEAPU8
      // The frame itself stays clear from one image to the next.
      if (!isClear) heap.fill(0, scratch, scratch + bytes)
      isClear = true
      for (let row = top; row < bottom; row++) {
        const to = scratch + ((row + margins.top) * columns + left + margins.left) * pixelBytes
        const from = input + (row * width + left) * pixelBytes
        heap.copyWithin(to, from, from + seenBytes)
      }
      return scratch
    },
  }
}
