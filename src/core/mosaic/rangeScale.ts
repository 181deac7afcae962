/** @file The scale on which a range of a measure's values is chosen: bars of equal width, with a slider's thumbs between them. */
import type { MeasureHead } from '../scan/measures/measure.ts'
import type { Range } from './finding.ts'

export interface Scale {
  /** The values at the ends; what lies beyond them is in the first and the last bar. */
  readonly from: number
  readonly to: number
  readonly bars: number
}

const bars = 20

/** The share of values that lie beyond each end, so that a few odd ones do not press all others into one bar. */
const beyond = 0.005

/** Returns null if there are no two different values. NaN is no value. */
export function scaleOf(values: Float64Array, unit: MeasureHead['unit']): Scale | null {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  // Without values, the least is above the most.
  if (!(least < most)) return null
  if (unit === 'yes') return { from: 0, to: 1, bars: 2 }
  if (unit === 'share') return { from: 0, to: 1, bars }
  const known = sampled(values).toSorted()
  const from = known[Math.floor(beyond * (known.length - 1))]!
  const to = known[Math.ceil((1 - beyond) * (known.length - 1))]!
  return from < to ? { from, to, bars } : { from: least, to: most, bars }
}

/** To sort more values takes longer than a frame, and the ends of a scale need not be exact. */
const mostSampled = 4000

/** Every value that is known, or of many every second, third … */
function sampled(values: Float64Array): Float64Array {
  const step = Math.ceil(values.length / mostSampled)
  return values.filter((value, i) => i % step === 0 && !Number.isNaN(value))
}

/** The number of values in each bar. A value between two bars belongs to the upper one, and the end to the last one. */
export function barsOf(values: Float64Array, scale: Scale): number[] {
  const counts = Array.from({ length: scale.bars }, () => 0)
  for (const value of values) {
    if (Number.isNaN(value)) continue
    const at = ((value - scale.from) / (scale.to - scale.from)) * scale.bars
    counts[Math.min(scale.bars - 1, Math.max(0, Math.floor(at)))]! += 1
  }
  return counts
}

/** The range between two thumbs. A thumb at the end is no bound; undefined if neither is one. */
export function rangeAt([low, high]: readonly [number, number], scale: Scale): Range | undefined {
  const [from, to] = [low > 0 ? valueAt(low, scale) : null, high < scale.bars ? valueAt(high, scale) : null]
  return from === null && to === null ? undefined : [from, to]
}

/** The thumbs that are nearest to a range. */
export function thumbsAt(range: Range | undefined, scale: Scale): readonly [number, number] {
  const [from, to] = range ?? [null, null]
  const at = (value: number): number => {
    const bar = Math.round(((value - scale.from) / (scale.to - scale.from)) * scale.bars)
    return Math.min(scale.bars, Math.max(0, bar))
  }
  return [from === null ? 0 : at(from), to === null ? scale.bars : at(to)]
}

/** Three digits are enough for a link to be short, and to be found again on the scale. */
function valueAt(bar: number, { from, to, bars: all }: Scale): number {
  return Number((from + ((to - from) * bar) / all).toPrecision(3))
}
