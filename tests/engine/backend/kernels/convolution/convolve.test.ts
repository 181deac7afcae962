/** Each kernel against the formula in double precision. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import type { Activation } from '../../../../../src/engine/backend/kernels/convolution/shape.ts'
import { type Case, computed, formula, largestError, numbersFor, shapeOf } from './cases.ts'

/** Of a layer's largest value. */
const tolerance = 5e-6

const directCases: readonly Case[] = [
  { map: [5, 5, 1], kernel: [1, 1], filters: 1 },
  { map: [1, 1, 3], kernel: [1, 1], filters: 2 },
  { map: [2, 2, 5], kernel: [1, 1], filters: 9 },
  { map: [7, 9, 16], kernel: [1, 1], filters: 24 },
  { map: [4, 3, 33], kernel: [1, 1], filters: 31 },
  { map: [14, 14, 64], kernel: [1, 1], filters: 70, strides: [2, 2] },
  { map: [12, 11, 3], kernel: [3, 3], filters: 32 },
  { map: [12, 11, 3], kernel: [3, 3], filters: 8, margins: [1, 1, 1, 1] },
  { map: [9, 8, 5], kernel: [3, 3], filters: 7, margins: [1, 1, 1, 1], strides: [2, 2] },
  { map: [9, 8, 4], kernel: [5, 3], filters: 12, margins: [0, 3, 2, 0], strides: [1, 2] },
  { map: [15, 15, 3], kernel: [7, 7], filters: 16, margins: [3, 3, 3, 3], strides: [2, 2] },
  { map: [13, 14, 6], kernel: [3, 3], filters: 10, dilation: [2, 3] },
  { map: [13, 14, 2], kernel: [2, 4], filters: 11, dilation: [3, 2], margins: [2, 1, 0, 4] },
  { map: [8, 7, 12], kernel: [3, 3], filters: 8, groups: 2, margins: [1, 1, 1, 1] },
  { map: [8, 7, 12], kernel: [3, 3], filters: 36, groups: 4, dilation: [2, 1] },
  { map: [6, 5, 9], kernel: [1, 1], filters: 6, groups: 3 },
  { map: [6, 5, 6], kernel: [3, 1], filters: 6, groups: 6, strides: [2, 1] },
  { map: [3, 3, 40], kernel: [3, 3], filters: 17 },
  { map: [4, 4, 8], kernel: [4, 4], filters: 100 },
  { map: [40, 41, 20], kernel: [3, 3], filters: 20, margins: [1, 1, 1, 1] },
]

const winogradCases: readonly Case[] = [
  { map: [6, 6, 4], kernel: [3, 3], filters: 8 },
  { map: [7, 6, 5], kernel: [3, 3], filters: 9 },
  { map: [11, 13, 16], kernel: [3, 3], filters: 16 },
  { map: [11, 13, 17], kernel: [3, 3], filters: 19, margins: [1, 1, 1, 1] },
  { map: [9, 30, 21], kernel: [3, 3], filters: 33, margins: [2, 0, 1, 3] },
  { map: [31, 27, 40], kernel: [3, 3], filters: 48 },
  { map: [14, 14, 64], kernel: [3, 3], filters: 30, margins: [1, 1, 1, 1] },
]

const depthwiseCases: readonly Case[] = [
  { map: [5, 5, 1], kernel: [3, 3], filters: 1 },
  { map: [9, 10, 3], kernel: [3, 3], filters: 3, margins: [1, 1, 1, 1] },
  { map: [9, 10, 8], kernel: [3, 3], filters: 8, margins: [1, 1, 1, 1], strides: [2, 2] },
  { map: [9, 23, 13], kernel: [3, 3], filters: 13, margins: [0, 1, 0, 1], strides: [2, 2] },
  { map: [20, 31, 6], kernel: [5, 5], filters: 6, margins: [2, 2, 2, 2] },
  { map: [12, 12, 7], kernel: [3, 3], filters: 7, margins: [2, 2, 2, 2], dilation: [2, 2] },
  { map: [14, 15, 20], kernel: [3, 5], filters: 20, dilation: [1, 2], strides: [1, 3] },
  { map: [2, 2, 5], kernel: [3, 3], filters: 5, margins: [1, 1, 1, 1] },
  { map: [1, 1, 5], kernel: [5, 5], filters: 5, margins: [2, 2, 2, 2] },
  { map: [2, 1, 4], kernel: [2, 1], filters: 4, margins: [3, 3, 3, 3] },
]

beforeAll(async () => {
  await startBackend('wasm')
})

describe.each([
  ['direct', directCases],
  ['winograd', winogradCases],
  ['depthwise', depthwiseCases],
] as const)('%s', (kernel, cases) => {
  it.each(cases.map((one) => [JSON.stringify(one), one] as const))('%s', (_, one) => {
    const shape = kernel === 'depthwise' ? { ...shapeOf(one), groups: one.filters } : shapeOf(one)
    const before = tf.memory().numTensors
    for (const hasBias of [true, false]) {
      const given = numbersFor(shape, 3, hasBias)
      const exact = formula(shape, 3, given)
      const found = computed(shape, 3, given, kernel)
      expect(largestError(found, exact)).toBeLessThan(tolerance)
      // The first and the second image alone are what they are among others.
      const perImage = { x: given.x.length / 3, out: found.length / 3 }
      for (const n of [0, 1]) {
        const alone = { ...given, x: given.x.slice(n * perImage.x, (n + 1) * perImage.x) }
        expect(computed(shape, 1, alone, kernel)).toEqual(
          found.slice(n * perImage.out, (n + 1) * perImage.out),
        )
      }
    }
    expect(tf.memory().numTensors).toBe(before)
  })
})

const oneOfEach = [
  ['direct', { map: [7, 7, 12], kernel: [1, 1], filters: 20 }],
  ['direct', { map: [9, 8, 5], kernel: [3, 3], filters: 7, margins: [1, 1, 1, 1], strides: [2, 2] }],
  ['direct', { map: [1, 1, 9], kernel: [1, 1], filters: 10 }],
  ['winograd', { map: [11, 13, 17], kernel: [3, 3], filters: 19, margins: [1, 1, 1, 1] }],
  ['depthwise', { map: [9, 23, 13], kernel: [3, 3], filters: 13, margins: [1, 1, 1, 1] }],
] as const satisfies readonly (readonly [kernel: string, Case])[]

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const activations: readonly [Activation, (x: number) => number][] = [
  [{ fn: 'relu' }, (x) => Math.max(x, 0)],
  [{ fn: 'leaky_relu', slope: 0.25 }, (x) => (x < 0 ? 0.25 * x : x)],
  [{ fn: 'hard_silu' }, (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6],
  [{ fn: 'silu' }, (x) => x * sigmoid(x)],
  [{ fn: 'elu_alpha', alpha: 0.5 }, (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
]

describe.each(activations)('%o at the end', (activation, exactly) => {
  it.each(oneOfEach)('of %s: %j', (kernel, one) => {
    const shape = kernel === 'depthwise' ? { ...shapeOf(one), groups: one.filters } : shapeOf(one)
    const given = numbersFor(shape, 2, true)
    const exact = formula(shape, 2, given).map(exactly)
    expect(largestError(computed(shape, 2, given, kernel, activation), exact)).toBeLessThan(tolerance)
  })
})

it.each(oneOfEach)('%s gives the same bits in passes of 1, 3 and 16: %j', (kernel, one) => {
  const shape = kernel === 'depthwise' ? { ...shapeOf(one), groups: one.filters } : shapeOf(one)
  const images = 16
  const given = numbersFor(shape, images, true)
  const all = computed(shape, images, given, kernel, { fn: 'silu' })
  const [inputs, outputs] = [given.x.length / images, all.length / images]
  for (const [first, count] of [
    [0, 1],
    [15, 1],
    [4, 3],
    [13, 3],
  ] as const) {
    const some = { ...given, x: given.x.slice(first * inputs, (first + count) * inputs) }
    const found = computed(shape, count, some, kernel, { fn: 'silu' })
    expect(found).toEqual(all.slice(first * outputs, (first + count) * outputs))
  }
})
