/** @file Transposes that vanish: if only axes of length 1 change places, no number moves. */
import type { Shape } from '../network.ts'

/**
 * The shape that a transpose gives an image of `shape`, if it moves no number; null if it does, or moves the batch.
 * `order` counts the batch as axis 0, `shape` is without it.
 */
export function unmovedShape(shape: Shape, order: readonly number[]): Shape | null {
  const long = order.filter((axis) => axis === 0 || shape[axis - 1] !== 1)
  const inOrder = long.every((axis, i) => i === 0 || axis > long[i - 1]!)
  return order[0] === 0 && inOrder ? order.slice(1).map((axis) => shape[axis - 1]!) : null
}
