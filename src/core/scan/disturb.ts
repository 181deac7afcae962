/**
 * @file Changes a network's input in ways that tell whether a unit answers to colour or to shape: without colour, without fine
 * detail, and with the same detail at other places.
 */
import type { MapShape } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import { pillowGrey } from '../preprocessing/grey.ts'
import type { Pixels } from '../preprocessing/toInput.ts'
import { seededRandom } from '../seededRandom.ts'

/** The number of blocks along each side of a box that are shuffled. */
const blocks = 4

/** The standard deviation of the blur is this part of the box's shorter side, and a pixel at least. */
const blurOfSide = 1 / 16

/** The picture without colour, as Pillow makes it grey. Alpha stays. */
export function greyPixels({ data, width, height }: Pixels): Pixels {
  const grey = pillowGrey(data)
  const out = new Uint8ClampedArray(data.length)
  for (let i = 0; i < grey.length; i++) {
    out.fill(grey[i]!, 4 * i, 4 * i + 3)
    out[4 * i + 3] = data[4 * i + 3]!
  }
  return { data: out, width, height }
}

/** A box as far as it lies in the input. */
export function boxInside(box: Box, [height, width]: MapShape): Box {
  return [Math.max(0, box[0]), Math.max(0, box[1]), Math.min(height, box[2]), Math.min(width, box[3])]
}

/** The standard deviation in pixels of the input with which a box is blurred. */
export function blurOf([top, left, bottom, right]: Box): number {
  return Math.max(1, Math.min(bottom - top, right - left) * blurOfSide)
}

/**
 * The input `[H, W, C]` under a Gaussian of this standard deviation in pixels, cut off at three of them. Beyond an edge the pixels
 * of the edge go on.
 */
export function blurred(input: Float32Array, shape: MapShape, deviation: number): Float32Array {
  const reach = Math.ceil(3 * deviation)
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  )
  const sum = weights.reduce((all, one) => all + one, 0)
  const kernel = weights.map((weight) => weight / sum)
  const [height, width, channels] = shape
  const along = (from: Float32Array, size: number, step: number): Float32Array =>
    Float32Array.from(from, (_, i) => {
      const at = Math.floor(i / step) % size
      let value = 0
      for (let k = -reach; k <= reach; k++) {
        const near = Math.min(size - 1, Math.max(0, at + k))
        value += kernel[k + reach]! * from[i + (near - at) * step]!
      }
      return value
    })
  return along(along(input, width, channels), height, width * channels)
}

/**
 * The input with the 4×4 blocks of a box, which lies inside, in another order, chosen by the seed. Rows and columns that are left
 * over at the box's end stay. Returns null if the box has fewer than four of either.
 */
export function shuffled(
  input: Float32Array,
  [, width, channels]: MapShape,
  [top, left, bottom, right]: Box,
  seed: number,
): Float32Array | null {
  const [rows, columns] = [Math.floor((bottom - top) / blocks), Math.floor((right - left) / blocks)]
  if (rows < 1 || columns < 1) return null
  const order = shuffledOrder(blocks * blocks, seed)
  const startOf = (block: number, row: number): number =>
    ((top + Math.floor(block / blocks) * rows + row) * width + left + (block % blocks) * columns) * channels
  const out = input.slice()
  for (const [to, from] of order.entries())
    for (let row = 0; row < rows; row++) {
      const start = startOf(from, row)
      out.set(input.subarray(start, start + columns * channels), startOf(to, row))
    }
  return out
}

/** The numbers below `count` in an order chosen by the seed (Fisher and Yates). */
function shuffledOrder(count: number, seed: number): number[] {
  const random = seededRandom(seed)
  const order = [...Array(count).keys()]
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const moved = order[i]!
    order[i] = order[other]!
    order[other] = moved
  }
  return order
}
