/**
 * @file Resizing in all ways of ONNX (https://onnx.ai/onnx/operators/onnx__Resize.html): each pixel that comes out is a sum of
 * pixels that come in, with weights, along rows and along columns.
 */
import type { OperationOf } from '../network.ts'
import { type Interval, type LayerKind, mapShape } from './kind.ts'

type Interpolate = OperationOf<'interpolate'>

/** A pixel that comes in, and what it is multiplied by. */
export interface Tap {
  readonly index: number
  readonly weight: number
}

export const interpolate: LayerKind<'interpolate'> = {
  kind: 'interpolate',
  shape: (op, inputs) => [...op.to, mapShape(inputs)[2]],
  weights: () => [],
  reach: (op, { axis, inputs }, units) => {
    const from = inputs[0]![axis]!
    // A single pixel is taken within the map, even if the position that it stands for lies beyond.
    const isNearest = op.filter.kind === 'nearest'
    return hull(units, (unit) =>
      isNearest && unit >= 0 && unit < op.to[axis]
        ? tapsOf(op, axis, from, unit)
        : freeTaps(op, axis, from, unit),
    )
  },
  reachWithin: (op, { axis, inputs }, units) =>
    hull(units, (unit) => tapsOf(op, axis, inputs[0]![axis]!, unit)),
}

function hull([first, end]: Interval, tapsAt: (unit: number) => readonly Tap[]): Interval {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let unit = first; unit < end; unit++)
    for (const { index } of tapsAt(unit)) {
      low = Math.min(low, index)
      high = Math.max(high, index)
    }
  return [low, high + 1]
}

/** The pixels of the map that a unit is made of, each once, in order. The map has `from` rows or columns. */
export function tapsOf(op: Interpolate, axis: 0 | 1, from: number, unit: number): readonly Tap[] {
  const free = freeTaps(op, axis, from, unit)
  const inside = free.filter(({ index }) => index >= 0 && index < from)
  if (op.excludeOutside && inside.length > 0) return normalized(inside)
  // Beyond the edge the map goes on as its last pixel.
  const weights = new Map<number, number>()
  for (const { index, weight } of free) {
    const at = Math.min(Math.max(index, 0), from - 1)
    weights.set(at, (weights.get(at) ?? 0) + weight)
  }
  return [...weights].map(([index, weight]) => ({ index, weight }))
}

function normalized(taps: readonly Tap[]): readonly Tap[] {
  const sum = taps.reduce((total, { weight }) => total + weight, 0)
  return taps.map(({ index, weight }) => ({ index, weight: weight / sum }))
}

/** What rounding makes of nothing. */
const negligible = 1e-6

/** As `tapsOf`, as if the map went on beyond its edges. */
function freeTaps(op: Interpolate, axis: 0 | 1, from: number, unit: number): readonly Tap[] {
  const { filter } = op
  if (filter.kind === 'nearest') {
    const position = positionOf(op, axis, from, unit, Math.fround)
    return [{ index: rounded(position, filter.rounding), weight: 1 }]
  }
  // A position that lies on a pixel but for the rounding of a fraction does lie on it.
  const exact = positionOf(op, axis, from, unit, (n) => n)
  const position = Math.abs(exact - Math.round(exact)) < negligible ? Math.round(exact) : exact
  // Made smaller, the filter is as wide as the pixels that become one.
  const width = op.antialias ? Math.max(1 / op.scales[axis], 1) : 1
  const radius = (filter.kind === 'linear' ? 1 : 2) * width
  const taps: Tap[] = []
  for (let index = Math.ceil(position - radius) + 0; index <= position + radius; index++) {
    const weight = weightAt(filter, Math.abs(index - position) / width)
    if (Math.abs(weight) > negligible) taps.push({ index, weight })
  }
  return normalized(taps)
}

/** Where a unit lies among the pixels that come in. `round`: of each step, as nearest neighbours of ties depend on it. */
function positionOf(
  { to, scales, coordinates }: Interpolate,
  axis: 0 | 1,
  from: number,
  unit: number,
  round: (n: number) => number,
): number {
  const [length, scale] = [to[axis], round(scales[axis])]
  // What keeps its size stays where it is.
  if (scale === 1 && length === from) return unit
  const centered = (): number => round(round(round(unit + 0.5) / scale) - 0.5)
  switch (coordinates) {
    case 'asymmetric':
      return round(unit / scale)
    case 'align_corners':
      return length === 1 ? 0 : round(round(unit * (from - 1)) / (length - 1))
    case 'half_pixel':
      return centered()
    case 'pytorch_half_pixel':
      return length > 1 ? centered() : 0
    case 'tf_half_pixel_for_nn':
      return round(round(unit + 0.5) / scale)
    case 'half_pixel_symmetric': {
      // The middles of both maps lie on each other, also if the length is no whole multiple. A tie is one although fractions are rounded.
      const middle = (from / 2) * (1 - length / (scale * from))
      return Math.round((middle + (unit + 0.5) / scale - 0.5) / tie) * tie
    }
  }
}

const tie = 2 ** -20

type Nearest = Extract<Interpolate['filter'], { kind: 'nearest' }>

function rounded(position: number, rounding: Nearest['rounding']): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(position)
    case 'ceil':
      return Math.ceil(position)
    case 'round_prefer_floor':
      return Math.ceil(position - 0.5)
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5)
  }
}

/** At a distance from the position, in widths of a pixel. */
function weightAt(filter: Exclude<Interpolate['filter'], Nearest>, distance: number): number {
  if (filter.kind === 'linear') return Math.max(1 - distance, 0)
  const { a } = filter
  // Keys, "Cubic convolution interpolation for digital image processing", 1981.
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0
}
