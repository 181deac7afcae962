/** @file The ranges of Slice: https://onnx.ai/onnx/operators/onnx__Slice.html */
import type { AxisSlice } from './constants.ts'
import type { NodeReading } from './nodeReading.ts'
import { counted } from './ops/reshaping.ts'

/** One for each axis of `dims`. Starts, ends, axes and steps are inputs from version 10 on. */
export function sliceRanges(reading: NodeReading, dims: readonly number[]): readonly AxisSlice[] {
  const old = reading.version < 10
  const given = (index: number, key: string): readonly number[] | null =>
    old ? reading.attributes.numbers(key) : reading.list(index)
  const [starts, ends] = [given(1, 'starts') ?? [], given(2, 'ends') ?? []]
  const axes = given(3, 'axes') ?? [...starts.keys()]
  const steps = (old ? null : reading.list(4)) ?? starts.map(() => 1)
  const ranges = dims.map((length): AxisSlice => ({ start: 0, step: 1, count: length }))
  for (const [i, at] of counted(axes, dims.length).entries()) {
    ranges[at] = rangeOf(dims[at]!, starts[i]!, ends[i]!, steps[i]!)
  }
  return ranges
}

/** Indices count from the end if they are negative, and are cut to what is there. */
function rangeOf(length: number, start: number, end: number, step: number): AxisSlice {
  if (!step) throw new Error('its step is 0')
  const fromStart = (n: number): number => (n < 0 ? n + length : n)
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
  const first = Math.min(Math.max(fromStart(start), step > 0 ? low : 0), step > 0 ? length : length - 1)
  const last = Math.min(Math.max(fromStart(end), low), high)
  return { start: first, step, count: Math.max(0, Math.ceil((last - first) / step)) }
}
