/**
 * @file Row-major arrays with their axes in another order: ONNX keeps filters by their outputs, which are the last axis in a
 * `Network`.
 */
import { elementCount, type Shape } from '../network.ts'

/** An array as one of `shape`, with its axes in another order: axis `i` of the result is axis `order[i]`. */
export interface Turned {
  readonly shape: Shape
  readonly order: readonly number[]
}

export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

/** The array itself if nothing is turned. */
export function turnedFloats(floats: Float32Array, turned: Turned | undefined): Float32Array {
  if (!turned) return floats
  const result = new Float32Array(floats.length)
  putTurned(floats, result, turned, 0)
  return result
}

/** Puts some rows of the array, entries of its first axis from `firstRow` on, where they lie in the result. */
export function putTurned(
  rows: Float32Array,
  result: Float32Array,
  { shape, order }: Turned,
  firstRow: number,
): void {
  const count = rows.length / elementCount(shape.slice(1))
  const [own, to] = [stridesOf(shape), stridesOf(order.map((axis) => shape[axis]!))]
  const from = order.map((axis) => own[axis]!)
  const lengths = order.map((axis) => (axis === 0 ? count : shape[axis]!))
  const last = order.length - 1
  const put = (axis: number, read: number, write: number): void => {
    const [length, step, stride] = [lengths[axis]!, from[axis]!, to[axis]!]
    if (axis < last) for (let i = 0; i < length; i++) put(axis + 1, read + i * step, write + i * stride)
    else for (let i = 0; i < length; i++) result[write + i * stride] = rows[read + i * step]!
  }
  put(0, 0, firstRow * to[order.indexOf(0)]!)
}
