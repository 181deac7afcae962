/**
 * @file Size, stride and start of every layer's receptive field along one axis, in one pass forwards. In almost every
 * network the field of unit `u` is `[start + u · stride, start + u · stride + size)`; layers where that does not hold
 * (after upsampling) are looked at unit by unit.
 */
import { seenBy } from './backwards.ts'
import { kindOf } from './kinds/index.ts'
import type { Interval, Reach } from './kinds/kind.ts'
import type { Network, SupportedLayer } from './network.ts'

/** In pixels of the model's input, unclipped. */
export interface FieldLine {
  readonly size: number
  readonly stride: number
  readonly start: number
}

/** Units of which upsampled maps repeat: a multiple of all usual factors. */
const period = 24

/** By layer; null of those that are not supported. */
export function fieldLines(network: Network, axis: 0 | 1): readonly (FieldLine | 'whole' | null)[] {
  const lines: (FieldLine | 'whole' | null)[] = []
  /** Layers, and all behind them, whose units are not one as the next. */
  const uneven = new Set<number>()
  for (const [i, layer] of network.layers.entries()) {
    if (layer.op === null) lines.push(null)
    else if (layer.inputs.length === 0) lines.push({ size: 1, stride: 1, start: 0 })
    else {
      const line = layer.inputs.some((input) => uneven.has(input))
        ? null
        : straightLine(network, layer, axis, lines)
      if (line === null) uneven.add(i)
      lines.push(line ?? unitByUnit(network, i, axis))
    }
  }
  return lines
}

/** From the inputs' lines; null where there is none. */
function straightLine(
  network: Network,
  { op, inputs, shape }: SupportedLayer,
  axis: 0 | 1,
  lines: readonly (FieldLine | 'whole' | null)[],
): FieldLine | 'whole' | null {
  const shapes = inputs.map((input) => (network.layers[input] as SupportedLayer).shape)
  let found: FieldLine | null = null
  for (const [input, from] of inputs.entries()) {
    const reach = (unit: number): Reach =>
      kindOf(op).reach(op, { axis, input, inputs: shapes, output: shape }, [unit, unit + 1])
    const [first, second, far] = [reach(0), reach(1), reach(period)] as [Reach, Reach, Reach]
    if (first === 'context') continue
    const line = lines[from]!
    if (first === 'whole' || line === 'whole') return 'whole'
    const next = behind(line, first, second as Interval, far as Interval)
    if (next === null || (found !== null && found.stride !== next.stride)) return null
    found = found === null ? next : hull(found, next)
  }
  return found ?? 'whole'
}

/** The line of a layer from that of its input and the reach of units 0, 1 and `period`; null where they are on none. */
function behind(line: FieldLine, first: Interval, second: Interval, far: Interval): FieldLine | null {
  const step = second[0] - first[0]
  const even =
    far[0] - first[0] === step * period &&
    [second, far].every((reach) => reach[1] - reach[0] === first[1] - first[0])
  if (!even) return null
  return {
    size: (first[1] - first[0] - 1) * line.stride + line.size,
    stride: step * line.stride,
    start: line.start + first[0] * line.stride,
  }
}

function hull(a: FieldLine, b: FieldLine): FieldLine {
  const start = Math.min(a.start, b.start)
  return { size: Math.max(a.start + a.size, b.start + b.size) - start, stride: a.stride, start }
}

/** The largest of a period of units, and their mean stride. */
function unitByUnit(network: Network, layer: number, axis: 0 | 1): FieldLine | 'whole' {
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
