/** @file Places along an axis that are sums of other places, with weights. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import type { Tap } from '../../../core/model/kinds/interpolate.ts'

/** Place `i` along the axis is the sum of `taps[i]`, of which each has one at least. */
export function weightedSums<T extends tf.Tensor>(x: T, axis: number, taps: readonly (readonly Tap[])[]): T {
  const most = Math.max(...taps.map(({ length }) => length))
  const full = taps.map((list) => filled(list, most))
  const shape = x.shape.slice(axis).map((_, i) => (i === 0 ? taps.length : 1))
  // Sums of elements, no product of matrices: a number that is not finite stays where it is seen, and no pass rounds otherwise.
  const parts = Array.from({ length: most }, (_, i) => {
    const indices = full.map((list) => list[i]!.index)
    const taken: tf.Tensor =
      indices.every((index, unit) => index === unit) && indices.length === x.shape[axis]
        ? x
        : tf.gather(x, tf.tensor1d(indices, 'int32'), axis)
    const weights = full.map((list) => list[i]!.weight)
    return weights.every((weight) => weight === 1) ? taken : tf.mul(taken, tf.tensor(weights, shape))
  })
  return (parts.length === 1 ? parts[0]! : parts.reduce((sum, part) => tf.add(sum, part))) as T
}

/** With as many taps as others have: the last one in halves, which are exact and read no pixel more. */
function filled(taps: readonly Tap[], count: number): readonly Tap[] {
  const list = [...taps]
  while (list.length < count) {
    const { index, weight } = list.pop()!
    list.push({ index, weight: weight / 2 }, { index, weight: weight / 2 })
  }
  return list
}
