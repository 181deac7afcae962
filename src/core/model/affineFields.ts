/**
 * @file The receptive fields of every layer along one axis, in one pass forwards. In almost every network the field is
 * affine in its unit: that of unit `u` is `[start + u · stride, start + u · stride + size)`. The units of a layer for
 * which that does not hold (after upsampling) are looked at one by one.
 */
import { seenBy } from './backwards.ts'
import type { Interval, Reach } from './kinds/kind.ts'
import type { Network, SupportedLayer } from './network.ts'
import { reachOf } from './places.ts'

/** In pixels of the model's input, unclipped. */
export interface AffineField {
  readonly size: number
  readonly stride: number
  readonly start: number
}

/** After so many units the pattern of an upsampled map repeats: a multiple of all usual factors. */
const period = 24

/** By layer; null for those that are not computed. */
export function affineFields(network: Network, axis: 0 | 1): readonly (AffineField | 'whole' | null)[] {
  const fields: (AffineField | 'whole' | null)[] = []
  /** Layers whose fields are not affine, and all layers behind them. */
  const uneven = new Set<number>()
  /** Layers of which every unit sees the whole image. */
  const wholes = new Set<number>()
  for (const [i, layer] of network.layers.entries()) {
    if (layer.op === null) fields.push(null)
    else if (layer.inputs.length === 0) fields.push({ size: 1, stride: 1, start: 0 })
    else {
      const isUneven = layer.inputs.some((input) => uneven.has(input))
      const field = seesAll(network, layer, axis, wholes)
        ? 'whole'
        : isUneven
          ? null
          : composedField(network, layer, axis, fields)
      if (field === 'whole') wholes.add(i)
      if (field === null) uneven.add(i)
      fields.push(field ?? unitByUnit(network, i, axis))
    }
  }
  return fields
}

/** Whether every unit sees the whole image: the layer mixes all, or reads one that does. `wholes` are the layers before that do. */
function seesAll(network: Network, layer: SupportedLayer, axis: 0 | 1, wholes: ReadonlySet<number>): boolean {
  return layer.inputs.some((from, input) =>
    [0, 1, period].every((unit) => {
      const reach = reachOf(network, layer, { axis, input }, [unit, unit + 1])
      return reach === 'whole' || (reach !== 'context' && reach[0] < reach[1] && wholes.has(from))
    }),
  )
}

/** The field of a layer from those of its inputs; null if it is not affine. */
function composedField(
  network: Network,
  layer: SupportedLayer,
  axis: 0 | 1,
  fields: readonly (AffineField | 'whole' | null)[],
): AffineField | 'whole' | null {
  let found: AffineField | null = null
  for (const [input, from] of layer.inputs.entries()) {
    const reach = (unit: number): Reach => reachOf(network, layer, { axis, input }, [unit, unit + 1])
    const [first, second, far] = [reach(0), reach(1), reach(period)] as [Reach, Reach, Reach]
    if (first === 'context') continue
    // Units of a part that others are joined to.
    if ([first, second, far].some((interval) => interval[0] === interval[1])) return null
    const field = fields[from]!
    if (first === 'whole' || field === 'whole') return 'whole'
    const next = compose(field, first, second as Interval, far as Interval)
    if (next === null || (found !== null && found.stride !== next.stride)) return null
    found = found === null ? next : hull(found, next)
  }
  return found ?? 'whole'
}

/**
 * The field of a layer from that of its input and the reach of its units 0, 1 and `period` in that input; null if the
 * reach is not affine.
 */
function compose(field: AffineField, first: Interval, second: Interval, far: Interval): AffineField | null {
  const step = second[0] - first[0]
  const isAffine =
    far[0] - first[0] === step * period &&
    [second, far].every((reach) => reach[1] - reach[0] === first[1] - first[0])
  if (!isAffine) return null
  return {
    size: (first[1] - first[0] - 1) * field.stride + field.size,
    stride: step * field.stride,
    start: field.start + first[0] * field.stride,
  }
}

function hull(a: AffineField, b: AffineField): AffineField {
  const start = Math.min(a.start, b.start)
  return { size: Math.max(a.start + a.size, b.start + b.size) - start, stride: a.stride, start }
}

/** The largest field of a period of units, and their mean stride. */
function unitByUnit(network: Network, layer: number, axis: 0 | 1): AffineField | 'whole' {
  const seen: Interval[] = []
  for (let unit = 0; unit <= period; unit++) {
    const pixels = seenBy(network, layer, axis, unit, false).get(network.input) ?? 'whole'
    if (pixels === 'whole') return 'whole'
    seen.push(pixels)
  }
  return {
    size: Math.max(...seen.map(([first, end]) => end - first)),
    stride: (seen[period]![0] - seen[0]![0]) / period,
    start: seen[0]![0],
  }
}
