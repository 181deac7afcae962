/** One walk for batch normalization, activation and all extremes gives what one after the other gives, to the bit. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChannelSummary } from '../../../../src/core/scan/channelSummary.ts'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { batchNormBySimd } from '../../../../src/engine/backend/kernels/batchNormWasm.ts'
import { chainOnWasm, summarizeOnWasm } from '../../../../src/engine/backend/kernels/channelExtremesWasm.ts'
import {
  type Convolutions,
  withConvolutions,
} from '../../../../src/engine/backend/kernels/convolution/choice.ts'
import { seeded } from '../../../fixtures/random.ts'

type Weights = Record<'mean' | 'variance' | 'scale' | 'offset', tf.Tensor1D> & { readonly epsilon: number }
type Activation = 'linear' | 'relu' | 'relu6'

beforeAll(async () => {
  await startBackend('wasm')
})

/** Few distinct numbers, so that ties are everywhere, among them both zeros; or all different. */
function valuesFor(count: number, seed: number, tied: boolean): Float32Array {
  const random = seeded(seed)
  const few = [-3, -1.5, -0, 0, 0.25, 1, 2.5, 7]
  return Float32Array.from({ length: count }, () =>
    tied ? few[random.int(0, few.length - 1)]! : random.next() * 16 - 8,
  )
}

/** Factors of both signs, and some zeros of both signs. */
function weightsFor(channels: number, seed: number): Weights {
  const random = seeded(seed)
  const vector = (value: (c: number) => number): tf.Tensor1D =>
    tf.tensor1d(Array.from({ length: channels }, (_, c) => value(c)))
  return {
    mean: vector((c) => (c % 4 === 1 ? 0 : random.next() * 2 - 1)),
    variance: vector(() => random.next() * 3),
    scale: vector((c) => (c % 5 === 3 ? [0, -0][c % 2]! : random.next() * 4 - 2)),
    offset: vector((c) => [0, -0, random.next() * 4 - 2][c % 3]!),
    epsilon: 1e-3,
  }
}

function disposeWeights({ mean, variance, scale, offset }: Weights): void {
  tf.dispose([mean, variance, scale, offset])
}

const activations = { linear: (x: tf.Tensor) => x.clone(), relu: tf.relu, relu6: tf.relu6 }

interface Outcome {
  readonly values: Float32Array
  readonly summaries: readonly ChannelSummary[]
}

/** One after the other. */
function apart(x: tf.Tensor, weights: Weights | null, activation: Activation): Outcome {
  const maps = [x]
  if (weights) {
    const { mean, variance, offset, scale, epsilon } = weights
    maps.push(batchNormBySimd(x, mean, variance, offset, scale, epsilon)!)
  }
  if (activation !== 'linear') maps.push(activations[activation](maps.at(-1)!))
  const outcome = { values: maps.at(-1)!.dataSync<'float32'>(), summaries: maps.map(summarizeOnWasm) }
  tf.dispose(maps.slice(1))
  return outcome
}

/** A shared map stays as it is, one that nobody else reads is overwritten. */
function together(
  x: tf.Tensor,
  batchNorm: Weights | null,
  activation: Activation,
  isShared: boolean,
): Outcome | null {
  const given = isShared ? x.clone() : tf.tensor(x.dataSync(), x.shape)
  const before = x.dataSync().slice()
  const { numTensors } = tf.memory()
  const chained = chainOnWasm(given, { batchNorm, activation })
  expect(tf.memory().numTensors).toBe(numTensors)
  expect(difference(x.dataSync(), before)).toBe(-1)
  if (!chained) {
    expect(difference(given.dataSync(), before)).toBe(-1)
    given.dispose()
    return null
  }
  const values = chained.output.dataSync<'float32'>().slice()
  chained.output.dispose()
  expect(tf.memory().numTensors).toBe(numTensors - 1)
  return { values, summaries: chained.summaries }
}

/** The first index at which two arrays differ in a bit; −1 if they do not. Far quicker than `toEqual`. */
function difference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Math.min(one.length, other.length)
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return i
  return -1
}

const shapes: readonly (readonly number[])[] = [
  [1, 1, 1, 1],
  [2, 5, 7, 3],
  [1, 9, 8, 4],
  [3, 4, 4, 8],
  [1, 23, 21, 12],
  [2, 13, 6, 33],
  [1, 61, 67, 2],
  [1, 30, 31, 64],
  [1, 7, 7, 301],
  [1, 3, 3, 1030],
  // A unit less than places are looked for in, as many, and one more.
  [2, 1, 7, 5],
  [2, 2, 4, 6],
  [2, 3, 3, 9],
  [2, 45],
]

describe.each<Convolutions>(['fast', 'direct'])('with %s convolutions', (convolutions) => {
  it.each(shapes.map((shape) => [shape]))('map %s', (shape) => {
    const channels = shape.at(-1)!
    for (const tied of [true, false])
      for (const hasNorm of [true, false])
        for (const activation of ['linear', 'relu', 'relu6'] as const) {
          if (!hasNorm && activation === 'linear') continue
          const x = tf.tensor(
            valuesFor(
              shape.reduce((a, b) => a * b, 1),
              channels,
              tied,
            ),
            [...shape],
          )
          const weights = hasNorm ? weightsFor(channels, channels + 1) : null
          withConvolutions(convolutions, () => {
            const one = apart(x, weights, activation)
            for (const isShared of [true, false]) {
              const all = together(x, weights, activation, isShared)!
              expect(all.summaries).toHaveLength(one.summaries.length)
              for (const [s, summary] of one.summaries.entries())
                for (const part of ['max', 'min', 'position', 'active', 'nan'] as const)
                  expect(difference(all.summaries[s]![part], summary[part]), `${part} of map ${s}`).toBe(-1)
              // Zeros may differ in sign, which no layer behind can tell.
              const unsigned = ({ values }: Outcome): Float32Array => values.map((value) => value + 0)
              expect(difference(unsigned(all), unsigned(one))).toBe(-1)
            }
          })
          tf.dispose(x)
          if (weights) disposeWeights(weights)
        }
  })
})

describe('numbers that are not finite', () => {
  const place = (value: number): tf.Tensor => {
    const values = valuesFor(9 * 9 * 5, 3, false)
    values[217] = value
    return tf.tensor(values, [1, 9, 9, 5])
  }

  it.each([NaN, Infinity, -Infinity])('are left to the layers one by one: %s', (value) => {
    const x = place(value)
    expect(together(x, null, 'relu', false)).toBeNull()
    x.dispose()
  })

  it.each([
    ['mean', NaN],
    ['offset', Infinity],
    ['scale', NaN],
    ['scale', 3e38],
  ] as const)('also among the weights: %s %s', (which, value) => {
    const x = place(1)
    const weights = weightsFor(5, 2)
    const spoilt = { ...weights, [which]: tf.tensor1d([1, 1, value, 1, 1]) }
    expect(together(x, spoilt, 'relu', false)).toBeNull()
    tf.dispose([x, spoilt[which]])
    disposeWeights(weights)
  })
})
