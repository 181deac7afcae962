/** @file Gradients of the reverse pass beside those of another program. */
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import type { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../src/engine/reasons/reversePass.ts'
import { largestError } from './largestError.ts'
import { numbers } from './kerasCases.ts'

/** Relative to the largest value of a gradient; two correct float32 engines differ by about 1e-6. */
export const gradientTolerance = 1e-5

/** A layer of the network, what of it is derived (`Σ seed · output`), and what is expected. */
export interface Derived {
  readonly layer: number
  /** As many as its output has numbers, in their order; `seedOf` if it is missing. */
  readonly seed?: Float32Array
  /** By layer that it is derived by. */
  readonly gradients: ReadonlyMap<number, ArrayLike<number>>
}

/** What outputs are multiplied with before they are derived: the formula of tests/make, for every number another one. */
export function seedOf(count: number): Float32Array {
  return numbers(count, 77)
}

/**
 * The largest error of each gradient, relative to its largest value, in the order of `derived` and by layer. One way forward serves
 * all. Nothing may be left behind.
 */
export function gradientErrors(
  model: TapNetwork,
  image: tf.Tensor,
  derived: readonly Derived[],
): Map<number, number>[] {
  const before = tf.memory().numTensors
  const layers = derived.map(({ layer }) => layer)
  const pass = new ReversePass(model, image, Math.max(...layers), { outputs: layers })
  const errors = derived.map(({ layer, seed: given, gradients }) => {
    const output = pass.output(layer)
    const seed = tf.tensor(given ?? seedOf(output.size), output.shape)
    const found = pass.back(layer, seed, [...gradients.keys()])
    const apart = [...gradients].map(([by, expected]): [number, number] => {
      const gradient = found.get(by)!
      expect(gradient.size).toBe(expected.length)
      return [by, largestError(gradient.dataSync(), expected)]
    })
    tf.dispose([seed, ...found.values()])
    return new Map(apart)
  })
  pass.dispose()
  expect(tf.memory().numTensors).toBe(before)
  return errors
}
