/**
 * @file Pillow's antialiased BILINEAR, BICUBIC and LANCZOS, equal to the bit (`Resample.c`): weights are fixed-point
 * numbers of 22 bits; rows are resized first, then columns, and each result is rounded to a byte. Pixels just outside a
 * crop contribute to its border, as in `Image.resize(box=…)`, unless it is cut out first.
 */
import type { Axis, Placement } from './fit.ts'
import { covered, type Raster, remembered } from './raster.ts'

/** A filter's weight at a distance, and the distance at which it ends, in pixels of the smaller of the two pictures. */
interface Filter {
  readonly support: number
  weight(distance: number): number
}

const bilinear: Filter = { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) }

/** Keys' cubic convolution with a = -0.5. */
const bicubic: Filter = {
  support: 2,
  weight: (distance) => {
    const a = -0.5
    const x = Math.abs(distance)
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
    return 0
  },
}

const lanczos: Filter = {
  support: 3,
  weight: (x) => (-3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0),
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}

/** As many bits as fit: a sum of bytes times weights, some of them negative, stays within 32 bits. */
const precisionBits = 22
const half = 1 << (precisionBits - 1)

/**
 * For each pixel of the input: the first of its source pixels, their number, and their weights. `weights` has room for
 * `taps` per input pixel.
 */
interface Weights {
  readonly taps: number
  readonly first: Int32Array
  readonly count: Int32Array
  readonly weights: Int32Array
}

function weightsBy(filter: Filter): (axis: Axis) => Weights {
  return remembered((axis) => {
    const { length, resized, offset, inputSize, isCutFirst } = axis
    // A part that is cut out first is a picture of its own, which begins at pixel `shift` of this one.
    const { size, start, shift } = isCutFirst
      ? { size: length, start: 0, shift: axis.start }
      : { size: axis.size, start: axis.start, shift: 0 }
    const range = covered(axis)
    const scale = length / resized
    const widening = Math.max(scale, 1)
    const support = filter.support * widening
    const taps = Math.ceil(support) * 2 + 1
    const first = new Int32Array(inputSize)
    const count = new Int32Array(inputSize)
    const weights = new Int32Array(inputSize * taps)
    const exact = new Float64Array(taps)
    for (let i = range.first; i < range.end; i++) {
      const centre = start + (i - offset + 0.5) * scale
      const from = Math.max(Math.trunc(centre - support + 0.5), 0)
      const taken = Math.min(Math.trunc(centre + support + 0.5), size) - from
      let sum = 0
      for (let tap = 0; tap < taken; tap++) {
        exact[tap] = filter.weight((tap + from - centre + 0.5) * (1 / widening))
        sum += exact[tap]!
      }
      for (let tap = 0; tap < taken; tap++) {
        const share = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * (1 << precisionBits)
        weights[i * taps + tap] = Math.trunc(share < 0 ? share - 0.5 : share + 0.5)
      }
      first[i] = from + shift
      count[i] = taken
    }
    return { taps, first, count, weights }
  })
}

const filters = {
  'pillow-bilinear': weightsBy(bilinear),
  'pillow-bicubic': weightsBy(bicubic),
  'pillow-lanczos': weightsBy(lanczos),
} as const

export type PillowFilter = keyof typeof filters

/** Returns bytes `[height, width, bands]` of the input; pixels that the picture does not cover are 0. */
export function resizePillow(raster: Raster, { x, y }: Placement, filter: PillowFilter): Uint8Array {
  const { bands } = raster
  const rows = filters[filter](y)
  const rowRange = covered(y)
  const last = rowRange.end - 1
  const top = rows.first[rowRange.first]!
  const bottom = rows.first[last]! + rows.count[last]!
  const narrowed = resizeRows(raster, x, filters[filter](x), top, bottom)
  const out = new Uint8Array(y.inputSize * x.inputSize * bands)
  const rowLength = x.inputSize * bands
  const sums = new Int32Array(rowLength)
  for (let row = rowRange.first; row < rowRange.end; row++) {
    const from = (rows.first[row]! - top) * rowLength
    const weightsFrom = row * rows.taps
    const count = rows.count[row]!
    sums.fill(half)
    for (let tap = 0; tap < count; tap++) {
      const weight = rows.weights[weightsFrom + tap]!
      const sourceFrom = from + tap * rowLength
      for (let i = 0; i < rowLength; i++) sums[i]! += Math.imul(narrowed[sourceFrom + i]!, weight)
    }
    const outFrom = row * rowLength
    for (let i = 0; i < rowLength; i++) out[outFrom + i] = clipped(sums[i]!)
  }
  return out
}

/** Resizes rows `top` … `bottom` of the picture to the width of the input: `[bottom - top, width, bands]`. */
function resizeRows(
  { data, width, step, bands }: Raster,
  x: Axis,
  columns: Weights,
  top: number,
  bottom: number,
): Uint8Array {
  const { taps, weights } = columns
  const out = new Uint8Array((bottom - top) * x.inputSize * bands)
  const { first, end } = covered(x)
  for (let row = top; row < bottom; row++) {
    let o = ((row - top) * x.inputSize + first) * bands
    for (let column = first; column < end; column++) {
      const from = (row * width + columns.first[column]!) * step
      const weightsFrom = column * taps
      const weightsEnd = weightsFrom + columns.count[column]!
      if (bands === 3) {
        let red = half
        let green = half
        let blue = half
        for (let w = weightsFrom, i = from; w < weightsEnd; w++, i += step) {
          const weight = weights[w]!
          red += Math.imul(data[i]!, weight)
          green += Math.imul(data[i + 1]!, weight)
          blue += Math.imul(data[i + 2]!, weight)
        }
        out[o] = clipped(red)
        out[o + 1] = clipped(green)
        out[o + 2] = clipped(blue)
      } else {
        for (let band = 0; band < bands; band++) {
          let sum = half
          for (let w = weightsFrom, i = from + band; w < weightsEnd; w++, i += step)
            sum += Math.imul(data[i]!, weights[w]!)
          out[o + band] = clipped(sum)
        }
      }
      o += bands
    }
  }
  return out
}

function clipped(sum: number): number {
  const value = sum >> precisionBits
  return value < 0 ? 0 : value > 255 ? 255 : value
}
