/**
 * @file Sine and cosine, which graphics cards compute to three digits only: half turns are taken off, and the rest, at most a quarter
 * turn, is put into the series of the sine. Right to 3e-7 up to a thousand half turns.
 */
import * as tf from '@tensorflow/tfjs'

/** π in three parts. So many half turns as there are here times the first have no rounding error. */
const halfTurn = [3.140625, 9.67502593994140625e-4, 1.509957990978376e-7] as const
/** `1/3!`, `1/5!` and so on; the next would change nothing. */
const coefficients = [3, 5, 7, 9, 11].map((n) => {
  let product = 1
  for (let i = 2; i <= n; i++) product *= i
  return 1 / product
})

export function sine(x: tf.Tensor): tf.Tensor {
  const turns = tf.round(tf.div(x, Math.PI))
  return tf.mul(signOf(turns), sineOfRest(x, turns))
}

/** `cos(r + mπ)` with half a whole number `m` is `−sin(r)` or `sin(r)`, in turns. */
export function cosine(x: tf.Tensor): tf.Tensor {
  const turns = tf.round(tf.sub(tf.div(x, Math.PI), 0.5))
  return tf.mul(tf.neg(signOf(turns)), sineOfRest(x, tf.add(turns, 0.5)))
}

/** 1 for even numbers, −1 for odd ones. */
function signOf(whole: tf.Tensor): tf.Tensor {
  const half = tf.mul(whole, 0.5)
  return tf.sub(1, tf.mul(tf.sub(half, tf.floor(half)), 4))
}

/** The sine of what is left of `x` without so many half turns. */
function sineOfRest(x: tf.Tensor, turns: tf.Tensor): tf.Tensor {
  const rest = halfTurn.reduce<tf.Tensor>((left, part) => tf.sub(left, tf.mul(turns, part)), x)
  const square = tf.square(rest)
  // From the inside: 1 − s·(1/3! − s·(1/5! − …)).
  const series = coefficients.reduceRight<tf.Tensor | null>(
    (inner, coefficient) => (inner ? tf.sub(coefficient, tf.mul(square, inner)) : tf.scalar(coefficient)),
    null,
  )
  return tf.mul(rest, tf.sub(1, tf.mul(square, series!)))
}
