/** The way back where other programs' gradients are no measure: steps, kinks and zeros, and what only moves numbers, by hand. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Operation, PointwiseFunction, Reduction } from '../../../../src/core/model/network.ts'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { backwardOf } from '../../../../src/engine/model/kernels/backward/index.ts'
import { runKernel } from '../../../../src/engine/model/kernels/index.ts'

interface Numbers {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const of = (shape: readonly number[], ...values: number[]): Numbers => ({ shape, values })

/** The gradient with respect to one of the inputs; null if there is none. */
function back(
  op: Operation,
  inputs: readonly Numbers[],
  gradient: readonly number[],
  { weights = [], input = 0 }: { readonly weights?: readonly Numbers[]; readonly input?: number } = {},
): number[] | null {
  let found: number[] | null = null
  tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor([...values], [...shape]))
    const arrays = weights.map(({ shape, values }) => tf.tensor([...values], [...shape]))
    const output = runKernel(op, tensors, arrays)
    const backward = backwardOf(op)
    const reads = backward.reads(op as never)
    const layer = {
      op: op as never,
      weights: arrays,
      shapes: tensors.map(({ shape }) => shape),
      inputs: reads.inputs ? tensors : [],
      output: reads.output ? output : null,
    }
    const derived = backward.back(tf.tensor([...gradient], output.shape), layer, input)
    if (!derived) return
    expect(derived.shape).toEqual(tensors[input]!.shape)
    found = Array.from(derived.dataSync())
  })
  return found
}

describe.each(['wasm', 'webgl'] as const)('on %s', (backend) => {
  beforeAll(() => startBackend(backend))
  let before: number
  beforeEach(() => {
    before = tf.memory().numTensors
  })
  afterEach(() => expect(tf.memory().numTensors).toBe(before))

  it('what is quantized passes within the range, as if it had not been', () => {
    const op: Operation = { kind: 'quantize', scale: [0.5, 2], zeroPoint: [1, 0], low: 0, high: 7 }
    // Steps 1.2 → 1 + 1, 4, 9 and −3 are cut off: 9 and −3 get nothing.
    const x = of([1, 2, 2], 0.6, 8, 4, -6)
    expect(back(op, [x], [1, 1, 1, 1])).toEqual([2, 0.5, 0, 0])
    expect(back({ kind: 'dequantize', scale: [0.5, 2], zeroPoint: [1, 0] }, [x], [1, 1, 1, 1])).toEqual([
      0.5, 2, 0.5, 2,
    ])
    expect(back({ kind: 'wholeNumbers' }, [of([1, 2], 1.5, 3)], [5, 6])).toEqual([5, 6])
  })

  it.each<PointwiseFunction>(['floor', 'ceil', 'round', 'sign', 'isNaN'])(
    'nothing comes through %s',
    (fn) => {
      expect(back({ kind: 'pointwise', fn }, [of([1, 2], 1.5, -3)], [5, 6])).toBeNull()
    },
  )

  it.each<[PointwiseFunction, (x: number) => number]>([
    ['reciprocal', (x) => -1 / x ** 2],
    ['log', (x) => 1 / x],
    ['erf', (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-(x ** 2))],
    ['sin', Math.cos],
    ['cos', (x) => -Math.sin(x)],
    ['sqrt', (x) => 0.5 / Math.sqrt(x)],
  ])('%s', (fn, derivative) => {
    const x = [0.3, 0.01, 1.7, 12.5]
    const found = back({ kind: 'pointwise', fn }, [of([1, 4], ...x)], [1, 1, 1, -2])!
    for (const [i, value] of x.entries()) {
      const wanted = derivative(value) * (i === 3 ? -2 : 1)
      expect(Math.abs(found[i]! - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)))
    }
  })

  it('roots are infinitely steep at 0, where they pass nothing on', () => {
    expect(back({ kind: 'pointwise', fn: 'sqrt' }, [of([1, 2], 0, 4)], [1, 1])).toEqual([0, 0.25])
    const power: Operation = { kind: 'withConstant', fn: 'power', constant: 0.5, constantFirst: false }
    const [root, other] = back(power, [of([1, 2], 0, 4)], [1, 1])!
    expect(root).toBe(0)
    expect(other).toBeCloseTo(0.25, 6)
    // A power of 1 is not steep.
    expect(back({ ...power, constant: 1 } as Operation, [of([1, 2], 0, 4)], [1, 3])![0]).toBeCloseTo(1, 6)
  })

  it.each<[Reduction, number[]]>([
    ['mean', [1, 1, 1]],
    ['sum', [3, 3, 3]],
    // Equal extremes share.
    ['max', [0, 1.5, 1.5]],
    ['min', [3, 0, 0]],
    ['l1', [-3, 3, 3]],
    ['sumSquare', [-6, 12, 12]],
    ['l2', [-1, 2, 2]],
  ])('%s of numbers', (fn, wanted) => {
    const found = back({ kind: 'reduce', fn, axes: [0] }, [of([1, 3], -1, 2, 2)], [3])!
    for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5)
  })

  it('a vector of zeros has no direction', () => {
    expect(back({ kind: 'reduce', fn: 'l2', axes: [0] }, [of([1, 2], 0, 0)], [3])).toEqual([0, 0])
  })

  it('a choice goes to where numbers were taken from, and what was spread is summed', () => {
    const op: Operation = { kind: 'where', operands: ['input', 'input', 'input'] }
    const inputs = [of([1, 2, 2], 1, 0, 0, 1), of([1, 2, 2], 1, 2, 3, 4), of([1, 1, 2], 5, 6)]
    const gradient = [10, 20, 30, 40]
    expect(back(op, inputs, gradient, { input: 0 })).toBeNull()
    expect(back(op, inputs, gradient, { input: 1 })).toEqual([10, 0, 0, 40])
    expect(back(op, inputs, gradient, { input: 2 })).toEqual([30, 20])
    const masked: Operation = { kind: 'where', operands: [{ shape: [2, 2] }, 'input', -9] }
    expect(back(masked, inputs.slice(1, 2), gradient, { weights: [of([2, 2], 0, 1, 1, 0)] })).toEqual([
      0, 20, 30, 0,
    ])
  })

  it('copies are summed', () => {
    const x = of([1, 1, 2, 1], 1, 2)
    const tiled = back({ kind: 'tile', repeats: [2, 1, 2] }, [x], [1, 2, 3, 4, 5, 6, 7, 8])
    expect(tiled).toEqual([1 + 2 + 5 + 6, 3 + 4 + 7 + 8])
    const taken = back({ kind: 'takeChannels', channels: [2, 0, 0] }, [of([1, 3], 1, 2, 3)], [1, 2, 4])
    expect(taken).toEqual([6, 0, 1])
  })

  it('tokens', () => {
    const tokens = of([1, 3, 2], 1, 2, 3, 4, 5, 6)
    expect(back({ kind: 'token', index: 1 }, [tokens], [7, 8])).toEqual([0, 0, 7, 8, 0, 0])
    const patches: Operation = { kind: 'patches', first: 1, grid: [2, 1] }
    expect(back(patches, [tokens], [1, 2, 3, 4])).toEqual([0, 0, 1, 2, 3, 4])
    const joined: Operation = { kind: 'joinConstants', axis: 0, before: 1, after: 1, shape: [3, 2] }
    const weights = [of([1, 2], 9, 9), of([1, 2], 9, 9)]
    const gradient = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    expect(back(joined, [tokens], gradient, { weights })).toEqual([3, 4, 5, 6, 7, 8])
  })

  it('what is infinite or no number stays in its place', () => {
    const x = of([1, 1, 3, 1], 1, 2, 3)
    const back3 = back({ kind: 'slice', axis: 1, start: 2, step: -1, count: 3 }, [x], [NaN, Infinity, 1])
    expect(back3).toEqual([1, Infinity, NaN])
    const shuffled: Operation = { kind: 'rearrange', split: [1, 3, 1], order: [1, 0, 2], target: [3, 1, 1] }
    expect(back(shuffled, [x], [NaN, Infinity, 1])).toEqual([NaN, Infinity, 1])
  })
})
