/**
 * @file An activation map to be drawn: its range, its strongest units, and its colours.
 *
 * - Nothing is drawn for a unit whose activation is 0 or NaN; the larger an activation, the less can be seen through its colour.
 * - Colours go from 0 to the largest finite activation, without its sign, of this map. So maps of different images have different
 *   scales, which a legend has to say.
 * - If some activations are negative, as without a ReLU, colours diverge around 0: positive ones are warm, negative ones cold.
 * - Infinite activations have the colour of the end of the scale.
 */
import type { Pair } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import { gridBox, type HeatGrid, unitUnder } from './heatGrid.ts'

/** One channel of a layer for one image, row by row. */
export interface ActivationMap {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** What colours mean. */
export interface HeatScale {
  /** The largest finite activation, without its sign. It is 0 if there is nothing to draw. */
  readonly end: number
  /** Whether some activations are negative. */
  readonly isSigned: boolean
}

export interface HeatRange extends HeatScale {
  /** The number of NaN units. */
  readonly nan: number
}

export function heatRange({ values }: ActivationMap): HeatRange {
  let [end, nan, isSigned] = [0, 0, false]
  for (const value of values) {
    if (Number.isNaN(value)) nan++
    if (value < 0) isSigned = true
    const size = Math.abs(value)
    if (size > end && size < Infinity) end = size
  }
  const isInfinite = end === 0 && values.some((value) => Math.abs(value) === Infinity)
  return { end: isInfinite ? 1 : end, isSigned, nan }
}

/** The share of the largest activation from which on a unit is one of the strongest. */
const strong = 0.5

/**
 * The units whose activations are above 0, at least half of the largest, and no smaller than those of their eight neighbours: at
 * most `most`, the strongest first. If neighbours are equal, the first one row by row counts, so the first of all is where a scan says that
 * the maximum is.
 */
export function strongestUnits(map: ActivationMap, most: number): Pair[] {
  const { rows, columns, values } = map
  const peaks: { unit: Pair; value: number }[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!
      if (value > 0 && isPeak(map, row, column)) peaks.push({ unit: [row, column], value })
    }
  // The sort is stable, so equal ones stay in their order.
  const sorted = peaks.toSorted((a, b) => b.value - a.value)
  return sorted
    .slice(0, most)
    .filter(({ value }) => value >= strong * sorted[0]!.value)
    .map(({ unit }) => unit)
}

function isPeak({ rows, columns, values }: ActivationMap, row: number, column: number): boolean {
  const at = row * columns + column
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
      const other = r * columns + c
      if (values[other]! > values[at]! || (values[other] === values[at] && other < at)) return false
    }
  return true
}

/** The share of the scale's end from which on the colour hides the picture. */
const opaqueFrom = 0.5

/** The map as a picture of one pixel a unit: RGBA, not premultiplied, `[rows, columns, 4]`. */
export function heatPixels(
  { values }: ActivationMap,
  { end, isSigned }: HeatScale,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4)
  if (end === 0) return pixels
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value) || value === 0) continue
    const strength = Math.min(1, Math.abs(value) / end)
    pixels.set(heatColor(value < 0 ? -strength : strength, isSigned), i * 4)
    pixels[i * 4 + 3] = Math.round(255 * Math.min(1, strength / opaqueFrom))
  }
  return pixels
}

/** A picture of a map, and the box of the model's input that it covers. */
export interface HeatRaster {
  readonly width: number
  readonly height: number
  /** RGBA, not premultiplied; transparent where nothing is drawn. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly box: Box
}

/** The raster of a map has a pixel a unit. If cells leave gaps, it has as many as make half a pixel of the input. */
export function heatRaster(map: ActivationMap, grid: HeatGrid, scale: HeatScale): HeatRaster {
  const { box, isDense } = gridBox(grid)
  const units = heatPixels(map, scale)
  if (isDense) return { width: map.columns, height: map.rows, pixels: units, box }
  const [top, left, bottom, right] = box
  const [height, width] = [Math.ceil(2 * (bottom - top)), Math.ceil(2 * (right - left))]
  const pixels = new Uint8ClampedArray(height * width * 4)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const unit = unitUnder(grid, [top + (row + 0.5) / 2, left + (column + 0.5) / 2])
      if (!unit) continue
      const at = (unit[0] * map.columns + unit[1]) * 4
      pixels.set(units.subarray(at, at + 4), (row * width + column) * 4)
    }
  return { width, height, pixels, box: [top, left, top + height / 2, left + width / 2] }
}

type Color = readonly [number, number, number]

/** Matplotlib's `inferno` in steps of a ninth: its lightness grows evenly, and it is told apart by people who are colour-blind. */
const warm = colors('000004 1b0c42 4b0c6b 781c6d a52c60 cf4446 ed6925 fb9a06 f7d03c fcffa4')
/** Seaborn's `mako`, as light as `inferno` from step to step. */
const cold = colors('000004 1d1430 2f2455 383c81 34619b 347fa4 359eaa 46beae 9adcbb def5e5')

function colors(text: string): Color[] {
  return text
    .split(' ')
    .map((hex): Color => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as never)
}

/** The share of the tables that a scale with both signs goes to: at their ends both are nearly white. */
const signedPart = 0.8

/** The colour of an activation as a share of the scale's end, from -1 to 1. */
export function heatColor(share: number, isSigned: boolean): Color {
  const table = share < 0 ? cold : warm
  const at = Math.min(1, Math.abs(share)) * (isSigned ? signedPart : 1) * (table.length - 1)
  const low = Math.min(table.length - 2, Math.floor(at))
  const mixed = [0, 1, 2].map((band) => {
    const [from, to] = [table[low]![band]!, table[low + 1]![band]!]
    return Math.round(from + (at - low) * (to - from))
  })
  return mixed as unknown as Color
}
