/** @file The arithmetic that convolution and pooling share: the output length, padding and reach of a window. */
import type { Padding, Pair } from '../network.ts'
import type { Edge, Interval, Reach } from './kind.ts'

export interface Window {
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: Padding
  readonly dilation?: Pair
}

/** How many inputs a kernel spans: with `n` taps `(n - 1) · dilation + 1`. */
export function span(window: Window, axis: 0 | 1): number {
  return (window.kernel[axis] - 1) * (window.dilation?.[axis] ?? 1) + 1
}

export function outputLength(window: Window, axis: 0 | 1, length: number): number {
  const stride = window.strides[axis]
  const [before, after] = marginsOf(window, axis)
  const inside = length + before + after - span(window, axis) + 1
  const result = Math.ceil((window.padding === 'same' ? length : inside) / stride)
  if (result < 1) throw new Error(`its window of ${span(window, axis)} does not fit into ${length}`)
  return result
}

/** The margins that the file gives; none for `same`, which depends on the length. */
export function marginsOf({ padding }: Window, axis: 0 | 1): Pair {
  if (typeof padding === 'string') return [0, 0]
  return axis === 0 ? padding.rows : padding.columns
}

/** How far the first and the last window hang over the edges, together. `same` padding depends on the length. */
export function paddingOf(window: Window, axis: 0 | 1, length: number): number {
  if (window.padding !== 'same') {
    const [before, after] = marginsOf(window, axis)
    return before + after
  }
  const stride = window.strides[axis]
  return Math.max(0, (Math.ceil(length / stride) - 1) * stride + span(window, axis) - length)
}

/** Of `paddingOf` what is before the map: the odd pixel is at the end (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2). */
export function paddingBefore(window: Window, axis: 0 | 1, length: number): number {
  if (window.padding !== 'same') return marginsOf(window, axis)[0]
  return Math.floor(paddingOf(window, axis, length) / 2)
}

export function windowReach(window: Window, { axis, inputs }: Edge, [first, end]: Interval): Reach {
  const before = paddingBefore(window, axis, inputs[0]![axis]!)
  const stride = window.strides[axis]
  return [first * stride - before, (end - 1) * stride - before + span(window, axis)]
}

/**
 * As `windowReach`, of places within the map only: taps that lie apart may leave out the last places before the edge, where the
 * next one hangs over it.
 */
export function windowReachWithin(window: Window, edge: Edge, units: Interval): Reach {
  const { axis, inputs } = edge
  const apart = window.dilation?.[axis] ?? 1
  if (apart === 1) return windowReach(window, edge, units)
  const length = inputs[0]![axis]!
  const before = paddingBefore(window, axis, length)
  let [low, high] = [length, -1]
  for (let unit = units[0]; unit < units[1]; unit++) {
    const first = unit * window.strides[axis] - before
    const last = first + span(window, axis) - 1
    const lowest = first < 0 ? first + Math.ceil(-first / apart) * apart : first
    const highest = last >= length ? last - Math.ceil((last - length + 1) / apart) * apart : last
    // With taps far apart, none may lie within.
    if (lowest > highest) continue
    low = Math.min(low, lowest)
    high = Math.max(high, highest)
  }
  return [low, Math.max(high + 1, low)]
}
