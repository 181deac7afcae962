/** Where a function has no derivative, or several places are the largest, the way back takes what TensorFlow takes. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Activation, Operation, OperationOf } from '../../../src/core/model/network.ts'
import { useBackend } from '../../../src/engine/backend/tfjsBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import { networkOfLayers } from './oracle.ts'

/** The gradient of the sum of the output. */
function gradientAt(
  values: readonly number[],
  shape: readonly [number, number, number],
  layers: readonly (readonly [op: Operation, inputs: readonly number[]])[],
): number[] {
  const network = networkOfLayers(shape, layers)
  const last = network.layers.length - 1
  const taps = new TapNetwork(network, () => [])
  const input = tf.tensor([...values], [1, ...shape])
  const pass = new ReversePass(taps, input, last)
  const seed = tf.onesLike(pass.output(last))
  const gradients = pass.back(last, seed, [0])
  const found = [...gradients.get(0)!.dataSync()]
  pass.dispose()
  tf.dispose([input, seed, ...gradients.values()])
  taps.dispose()
  return found
}

describe.each(['wasm', 'webgl'] as const)('%s', (backend) => {
  beforeAll(() => useBackend(backend))

  it.each<[Activation, readonly number[], readonly number[]]>([
    [{ fn: 'relu' }, [-1, 0, 1, 2, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0, 0]],
    [{ fn: 'relu6' }, [-1, 0, 3, 6, 7], [0, 0, 1, 0, 0]],
    [{ fn: 'leaky_relu', slope: 0.5 }, [-1, 0, 1, 2], [0.5, 0.5, 1, 1]],
    [{ fn: 'elu' }, [0, 1], [1, 1]],
    [{ fn: 'elu_alpha', alpha: 0.5 }, [0, 1], [0.5, 1]],
    [{ fn: 'abs' }, [-2, 0, 2], [-1, 0, 1]],
    [{ fn: 'hard_tanh' }, [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]],
    [{ fn: 'hard_sigmoid_2' }, [-2.5, 2.5, 3], [0.2, 0.2, 0]],
    [{ fn: 'hard_silu' }, [-4, -3, 3, 4], [0, 0, 1, 1]],
    [{ fn: 'soft_shrink' }, [-0.5, 0.5, 1], [0, 0, 1]],
    [{ fn: 'hard_shrink' }, [-0.5, 0.5, 1], [0, 0, 1]],
    [{ fn: 'general_relu', max: 2, slope: 0, threshold: 0 }, [0, 1, 2, 3], [0, 1, 1, 0]],
    [{ fn: 'general_relu', max: 6, slope: 0, threshold: 0 }, [0, 1, 6, 7], [0, 1, 0, 0]],
  ])('%o', (activation, values, expected) => {
    const found = gradientAt(values, [1, values.length, 1], [[{ kind: 'activation', activation }, [0]]])
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5)
  })

  it.each<[name: 'sigmoid' | 'tanh', derivative: (x: number) => number, at: readonly number[]]>([
    ['sigmoid', (x) => 1 / (2 + Math.exp(x) + Math.exp(-x)), [-60, -17, -9, -1, 0, 1, 9, 14, 17, 18, 40, 60]],
    ['tanh', (x) => 1 / Math.cosh(x) ** 2, [-30, -9, -5, -1, 0, 0.5, 3, 5, 8, 9, 12, 30]],
  ])('%s has all digits where it is near its bounds', (fn, derivative, at) => {
    const layer: Operation = { kind: 'activation', activation: { fn } }
    const found = gradientAt(at, [1, at.length, 1], [[layer, [0]]])
    for (const [i, x] of at.entries()) expect(Math.abs(found[i]! / derivative(x) - 1)).toBeLessThan(5e-6)
    expect(gradientAt([-1000, 1000, Infinity, -Infinity], [1, 4, 1], [[layer, [0]]])).toEqual([0, 0, 0, 0])
    // Graphics cards may make anything of it.
    if (backend === 'wasm') expect(gradientAt([Number.NaN], [1, 1, 1], [[layer, [0]]])).toEqual([Number.NaN])
  })

  const pool = (more: Partial<OperationOf<'pool'>> = {}): Operation => ({
    kind: 'pool',
    reduce: 'max',
    kernel: [2, 2],
    strides: [2, 2],
    padding: 'valid',
    ...more,
  })

  it('the first of equal maxima of a window, row by row', () => {
    const values = [0, 5, 1, 1, 5, 5, 1, 1]
    expect(gradientAt(values, [2, 4, 1], [[pool(), [0]]])).toEqual([0, 1, 1, 0, 0, 0, 0, 0])
    // Windows that share it add up.
    const shared = gradientAt(values, [2, 4, 1], [[pool({ strides: [1, 1] }), [0]]])
    expect(shared).toEqual([0, 2, 1, 0, 0, 0, 0, 0])
  })

  it('not a margin, whatever the numbers', () => {
    const values = [-3, -2, -1, -4]
    const found = gradientAt(
      values,
      [2, 2, 1],
      [[pool({ kernel: [3, 3], strides: [1, 1], padding: 'same' }), [0]]],
    )
    expect(found).toEqual([0, 0, 4, 0])
  })

  it('equal maxima of a whole map share', () => {
    const global: Operation = { kind: 'globalPool', reduce: 'max', keepDims: false }
    expect(gradientAt([2, 1, 2, 0], [2, 2, 1], [[global, [0]]])).toEqual([0.5, 0, 0.5, 0])
  })

  it('the first of equal operands', () => {
    const twice: Operation = { kind: 'rescale', scale: [2], offset: [0] }
    for (const fn of ['maximum', 'minimum'] as const) {
      const found = gradientAt(
        [0, 0],
        [1, 2, 1],
        [
          [twice, [0]],
          [{ kind: 'merge', fn }, [0, 1]],
        ],
      )
      expect(found).toEqual([1, 1])
    }
  })

  it('PReLU has none at 0', () => {
    const slopes: Operation = { kind: 'prelu', sharedAxes: [1, 2] }
    const network = networkOfLayers([1, 3, 1], [[slopes, [0]]])
    const taps = new TapNetwork(network, () => [Float32Array.of(0.25)])
    const input = tf.tensor([-1, 0, 1], [1, 1, 3, 1])
    const pass = new ReversePass(taps, input, 1)
    const gradients = pass.back(1, tf.onesLike(input), [0])
    expect([...gradients.get(0)!.dataSync()]).toEqual([0.25, 0, 1])
    pass.dispose()
    taps.dispose()
  })
})
