/** @file Gradients of the reverse pass beside those of another program. */
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import type { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../src/engine/reasons/reversePass.ts'
import { numbers } from './kerasCases.ts'

/** Relative to the largest value of a gradient; two correct float32 engines differ by about 1e-6. */
export const gradientTolerance = 1e-5

/** A layer of the network, and what of it is derived: `Σ seed · output`. */
export interface Derived {
  readonly layer: number
  /** As many as its output has numbers, in their order; `seedOf` if it is missing. */
  readonly seed?: Float32Array
}

/** What outputs are multiplied with before they are derived: the formula of tests/make, for every number another one. */
export function seedOf(count: number): Float32Array {
  return numbers(count, 77)
}

/**
 * The largest error of each gradient with respect to the layers of `wanted`, relative to its largest value, by layer. Nothing may be left
 * behind.
 */
export function gradientErrors(
  model: TapNetwork,
  image: tf.Tensor,
  { layer: from, seed: given }: Derived,
  wanted: ReadonlyMap<number, ArrayLike<number>>,
): Map<number, number> {
  const before = tf.memory().numTensors
  const pass = new ReversePass(model, image, from)
  const output = pass.output(from)
  const seed = tf.tensor(given ?? seedOf(output.size), output.shape)
  const found = pass.back(from, seed, [...wanted.keys()])
  pass.dispose()
  const errors = [...wanted].map(([layer, expected]): [number, number] => {
    const gradient = found.get(layer)!
    expect(gradient.size).toBe(expected.length)
    return [layer, largestError(gradient.dataSync(), expected)]
  })
  tf.dispose([seed, ...found.values()])
  expect(tf.memory().numTensors).toBe(before)
  return new Map(errors)
}

/** NaN if a number is. If all that is expected is 0, the error is absolute. */
export function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, largest] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!))
    largest = Math.max(largest, Math.abs(expected[i]!))
  }
  return difference / (largest || 1)
}
