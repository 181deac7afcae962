/** @file Axes in another order, however many there are. */
import * as tf from '@tensorflow/tfjs'

/** What graphics cards are asked for; tfjs' kernel on WASM knows any number. */
const mostAxes = 6

/** Axis `i` of the result is axis `order[i]`. */
export function transposed(x: tf.Tensor, order: readonly number[]): tf.Tensor {
  return order.length <= mostAxes || tf.getBackend() === 'wasm'
    ? tf.transpose(x, [...order])
    : transposedInSteps(x, order)
}

/** The order that brings axes back to their places. */
export function inverseOrder(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis))
}

/** Each step brings the axes that come next to their place, together with those that follow them already. */
export function transposedInSteps(x: tf.Tensor, order: readonly number[]): tf.Tensor {
  const size = (axes: readonly number[]): number =>
    axes.reduce((product, axis) => product * x.shape[axis]!, 1)
  let [moved, current] = [x, [...order.keys()]]
  for (let done = 0; done < order.length;) {
    const at = current.indexOf(order[done]!)
    let length = 1
    while (done + length < order.length && current[at + length] === order[done + length]) length++
    if (at > done) {
      const [first, before, run, after] = [
        current.slice(0, done),
        current.slice(done, at),
        current.slice(at, at + length),
        current.slice(at + length),
      ]
      const blocks = tf.reshape(moved, [first, before, run, after].map(size))
      moved = tf.transpose(blocks, [0, 2, 1, 3])
      current = [...first, ...run, ...before, ...after]
    }
    done += length
  }
  return tf.reshape(
    moved,
    order.map((axis) => x.shape[axis]!),
  )
}
