/** @file Maps made larger or smaller: which input pixels an output pixel is taken or mixed from. */
import type { OperationOf } from '../network.ts'
import type { Tap } from './interpolate.ts'
import { type Interval, mapShape, type LayerKind } from './kind.ts'

type Centers = OperationOf<'resize'>['centers']

export const upsample: LayerKind<'upsample'> = {
  kind: 'upsample',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height * op.size[0], width * op.size[1], channels]
  },
  weights: () => [],
  reach(op, { axis }, interval) {
    return op.interpolation === 'nearest'
      ? [Math.floor(interval[0] / op.size[axis]), Math.floor((interval[1] - 1) / op.size[axis]) + 1]
      : mixed('half-pixel', 1, op.size[axis], interval)
  },
}

export const resize: LayerKind<'resize'> = {
  kind: 'resize',
  shape: (op, inputs) => [...op.to, mapShape(inputs)[2]],
  weights: () => [],
  reach(op, { axis, inputs }, interval) {
    const from = inputs[0]![axis]!
    const to = op.to[axis]
    return op.interpolation === 'nearest'
      ? [nearest(op.centers, from, to, interval[0]), nearest(op.centers, from, to, interval[1] - 1) + 1]
      : mixed(op.centers, from, to, interval)
  },
}

/** The pixel that TensorFlow takes. It rounds in 32 bits, so that a half may fall to either side. */
function nearest(centers: Centers, from: number, to: number, unit: number): number {
  const f = Math.fround
  if (centers === 'half-pixel') return Math.floor(f(f(unit + 0.5) * f(from / to)))
  if (centers === 'top-left') return Math.floor(f(unit * f(from / to)))
  const scale = to > 1 ? f((from - 1) / (to - 1)) : 0
  return Math.floor(f(f(unit * scale) + 0.5))
}

/** The pixels that TensorFlow makes a unit of, each once, where `from` rows or columns become `to`. */
export function mixedPixels(
  { interpolation, centers }: Pick<OperationOf<'resize'>, 'interpolation' | 'centers'>,
  from: number,
  to: number,
  unit: number,
): readonly Tap[] {
  if (interpolation === 'nearest') return [{ index: nearest(centers, from, to, unit), weight: 1 }]
  const [first, end] = mixed(centers, from, to, [unit, unit + 1])
  const [low, high] = [Math.max(first, 0), Math.min(end, from) - 1]
  if (low === high) return [{ index: low, weight: 1 }]
  const [position, scale] = positionOf(centers, from, to, unit)
  const share = position / scale - low
  return [
    { index: low, weight: 1 - share },
    { index: high, weight: share },
  ]
}

/** The pixels that are mixed for these units: those around each unit's position, or one if it lies on a pixel. */
function mixed(centers: Centers, from: number, to: number, [first, end]: Interval): Interval {
  const [low, lowScale] = positionOf(centers, from, to, first)
  const [high, highScale] = positionOf(centers, from, to, end - 1)
  return [Math.floor(low / lowScale), Math.ceil(high / highScale) + 1]
}

/** Numerator and denominator of a unit's position, as fractions would be rounded. */
function positionOf(centers: Centers, from: number, to: number, unit: number): readonly [number, number] {
  if (centers === 'half-pixel') return [(2 * unit + 1) * from - to, 2 * to]
  if (centers === 'top-left') return [unit * from, to]
  return [unit * (from - 1), Math.max(to - 1, 1)]
}
