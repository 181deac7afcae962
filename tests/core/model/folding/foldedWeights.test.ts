/** Folded weights against what they stand for, computed in double precision one after the other. */
import { describe, expect, it } from 'vitest'
import type { ChannelAffine } from '../../../../src/core/model/folding/channelAffine.ts'
import {
  foldedBias,
  foldedKernel,
  foldedOf,
  type Folding,
  isSafe,
  kernelIndex,
} from '../../../../src/core/model/folding/foldedWeights.ts'
import { foldedSteps } from '../../../../src/core/model/folding/steps.ts'
import { elementCount, type Operation, type SupportedLayer } from '../../../../src/core/model/network.ts'
import { seededRandom } from '../../../../src/core/seededRandom.ts'
import { chain, spec } from '../../../fixtures/kerasModels.ts'

const random = seededRandom(7)
const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => random() - 0.5)
const affine = (length: number): ChannelAffine => ({
  factors: Float64Array.from({ length }, () => random() * 4 - 2),
  offsets: Float64Array.from({ length }, () => random() * 4 - 2),
})
const linear = { fn: 'linear' } as const
const window = {
  kernel: [1, 2],
  strides: [1, 1],
  padding: 'valid',
  dilation: [1, 1],
  bias: true,
  activation: linear,
} as const
const taps = 2
const inChannels = 4

/** The output channels of one unit, whose window holds `x[tap][input channel]`, without the bias. */
type Sum = (kernel: ArrayLike<number>, x: readonly number[][]) => number[]

const sumOver = (
  channels: number,
  terms: (channel: number) => [tap: number, input: number, at: number][],
): Sum => {
  return (kernel, x) =>
    Array.from({ length: channels }, (_, c) =>
      terms(c).reduce((sum, [tap, input, at]) => sum + x[tap]![input]! * kernel[at]!, 0),
    )
}
const all = (count: number): number[] => [...Array(count).keys()]
const pairs = (inputs: readonly number[]): [number, number][] =>
  all(taps).flatMap((tap) => inputs.map((input): [number, number] => [tap, input]))

const kinds: [name: string, op: Operation, channels: number, kernelLength: number, sum: Sum][] = [
  [
    'convolution',
    { kind: 'conv', filters: 6, groups: 1, ...window },
    6,
    taps * 4 * 6,
    sumOver(6, (c) => pairs(all(4)).map(([tap, input]) => [tap, input, (tap * 4 + input) * 6 + c])),
  ],
  [
    'convolution in two groups',
    { kind: 'conv', filters: 6, groups: 2, ...window },
    6,
    taps * 2 * 6,
    sumOver(6, (c) => {
      const first = c < 3 ? 0 : 2
      return pairs([first, first + 1]).map(([tap, input]) => [tap, input, (tap * 2 + input - first) * 6 + c])
    }),
  ],
  [
    'depthwise convolution that makes two channels of one',
    { kind: 'depthwiseConv', multiplier: 2, ...window },
    8,
    taps * 4 * 2,
    sumOver(8, (c) => {
      const input = Math.floor(c / 2)
      return pairs([input]).map(([tap]) => [tap, input, (tap * 4 + input) * 2 + (c % 2)])
    }),
  ],
  [
    'dense layer',
    { kind: 'dense', units: 5, bias: true, activation: linear },
    5,
    4 * 5,
    sumOver(5, (c) => all(4).map((input) => [0, input, input * 5 + c])),
  ],
  [
    'transposed convolution',
    { kind: 'transposedConv', filters: 3, outputPadding: null, ...window },
    3,
    taps * 3 * 4,
    sumOver(3, (c) => pairs(all(4)).map(([tap, input]) => [tap, input, (tap * 3 + c) * 4 + input])),
  ],
]

describe.each(kinds)('a %s', (_, op, channels, kernelLength, sum) => {
  const kernel = numbers(kernelLength)
  const bias = numbers(channels)
  const x = all(taps).map(() => [...numbers(inChannels)])

  /** What is folded in, one after the other. */
  const expected = (
    { before, behind }: Folding['folded'],
    biases: ArrayLike<number> | undefined,
  ): number[] => {
    const seen = x.map((row) =>
      row.map((value, i) => (before ? value * before.factors[i]! + before.offsets[i]! : value)),
    )
    return sum(kernel, seen).map((value, c) => {
      const whole = value + (biases?.[c] ?? 0)
      return behind ? whole * behind.factors[c]! + behind.offsets[c]! : whole
    })
  }

  const both = op.kind === 'transposedConv' ? [false] : [false, true]
  it.each(
    both
      .flatMap((before) => [true, false].map((behind) => [before, behind] as const))
      .filter((some) => some.includes(true)),
  )('computes with its new weights what the layers before (%s) and behind (%s) did', (before, behind) => {
    for (const biases of [bias, undefined]) {
      const folded = { before: before ? affine(inChannels) : null, behind: behind ? affine(channels) : null }
      const folding = { op, inChannels, folded }
      const newKernel = foldedKernel(folding, kernel)
      const newBias = foldedBias(folding, biases, kernel)
      const found = sum(newKernel, x).map((value, c) => value + newBias[c]!)
      for (const [c, value] of expected(folded, biases).entries()) expect(found[c]).toBeCloseTo(value, 5)
      // Once rounded from the product in double precision.
      const factor = (folded.before?.factors[0] ?? 1) * (folded.behind?.factors[0] ?? 1)
      expect(newKernel[0]).toBe(Math.fround(kernel[0]! * factor))
    }
  })
})

it('is folded into the second of a separable convolution', () => {
  const op: Operation = { kind: 'separableConv', filters: 3, multiplier: 2, ...window }
  const folding = { op, inChannels, folded: { before: null, behind: affine(3) } }
  expect(kernelIndex(folding)).toBe(1)
  const kernel = numbers(4 * 2 * 3)
  const { factors } = folding.folded.behind
  expect(foldedKernel(folding, kernel)).toEqual(kernel.map((weight, i) => weight * factors[i % 3]!))
})

it('takes several layers behind one another, in their order', () => {
  const network = chain(
    [4, 4, 2],
    [
      spec('Rescaling', 'a', { scale: 3, offset: 1 }),
      spec('Rescaling', 'b', { scale: 5, offset: 7 }),
      spec('Conv2D', 'c', { filters: 2, kernel_size: 1 }),
      spec('BatchNormalization', 'd', { epsilon: 0 }),
      spec('Rescaling', 'e', { scale: 2, offset: 1 }),
    ],
  )
  const [step] = foldedSteps(network, [5]).slice(-1)
  // gamma, beta, mean, variance
  const arrays = [
    [2, 2],
    [1, 1],
    [3, 3],
    [4, 4],
  ].map((array) => Float32Array.from(array))
  expect(foldedOf(network, step!, (layer) => (layer === 4 ? arrays : []))).toEqual({
    before: { factors: Float64Array.of(15, 15), offsets: Float64Array.of(12, 12) },
    // ((x − 3) / 2 · 2 + 1) · 2 + 1
    behind: { factors: Float64Array.of(2, 2), offsets: Float64Array.of(-3, -3) },
  })
  const { weights } = network.layers[4] as SupportedLayer
  expect(weights.map(({ shape }) => elementCount(shape))).toEqual([2, 2, 2, 2])
})

describe('isSafe', () => {
  const behind = (factor: number, offset = 0) => ({
    before: null,
    behind: { factors: Float64Array.of(1, factor), offsets: Float64Array.of(0, offset) },
  })
  it('is true for usual numbers, and for channels that are multiplied by 0', () => {
    for (const factor of [0, 1, -30, 1e-6, 1e6]) expect(isSafe(behind(factor), 2)).toBe(true)
  })
  it('is false if a weight would overflow, underflow, or is none', () => {
    for (const factor of [1e31, -1e31, 1e-20, NaN, Infinity]) expect(isSafe(behind(factor), 2)).toBe(false)
    for (const offset of [NaN, -Infinity, 1e31]) expect(isSafe(behind(1, offset), 2)).toBe(false)
    for (const largest of [NaN, Infinity, 1e31]) expect(isSafe(behind(1), largest)).toBe(false)
    expect(isSafe(behind(1e16), 1e16)).toBe(false)
    expect(isSafe({ before: behind(1e16).behind, behind: behind(1e16).behind }, 1)).toBe(false)
  })
})
