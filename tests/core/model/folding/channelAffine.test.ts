import { describe, expect, it } from 'vitest'
import {
  chained,
  channelAffine,
  isChannelAffine,
  keepsZero,
} from '../../../../src/core/model/folding/channelAffine.ts'
import type { Operation, Shape, SupportedLayer } from '../../../../src/core/model/network.ts'

const layer = (op: Operation, shape: Shape = [4, 4, 2]): SupportedLayer => ({
  name: 'it',
  className: 'It',
  inputs: [0],
  op,
  shape,
  weights: [],
})
const statistics = { epsilon: 0.25, axis: -1 }
const withConstant = (
  fn: 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum',
  constantFirst = false,
): Operation => ({
  kind: 'withConstant',
  fn,
  constant: { shape: [2] },
  constantFirst,
})

describe('channelAffine', () => {
  // y = x · factor + offset at x = 3 for the first channel and x = 5 for the second.
  it.each<[string, Operation, number[][], [number, number]]>([
    [
      'batch normalization',
      { kind: 'batchNorm', ...statistics, scale: true, center: true },
      [
        [2, 3],
        [10, 20],
        [1, 1],
        [0.75, 3.75],
      ],
      [((3 - 1) / 1) * 2 + 10, ((5 - 1) / 2) * 3 + 20],
    ],
    [
      'batch normalization without scale and centre',
      { kind: 'batchNorm', ...statistics, scale: false, center: false },
      [
        [1, 1],
        [0.75, 3.75],
      ],
      [2, 2],
    ],
    [
      'normalization by weights, of which one never varied',
      { kind: 'normalization', constants: null, invert: false },
      [
        [1, 5],
        [4, 0],
      ],
      [1, 0],
    ],
    [
      'normalization by one constant for all',
      { kind: 'normalization', constants: { mean: [1], variance: [4] }, invert: false, single: true },
      [],
      [1, 2],
    ],
    [
      'its inverse',
      { kind: 'normalization', constants: { mean: [1, 2], variance: [4, 9] }, invert: true },
      [],
      [7, 17],
    ],
    ['rescaling', { kind: 'rescale', scale: [2], offset: [1, -1] }, [], [7, 9]],
    ['a sum', withConstant('add'), [[1, 2]], [4, 7]],
    ['a difference', withConstant('subtract'), [[1, 2]], [2, 3]],
    ['a difference from a constant', withConstant('subtract', true), [[1, 2]], [-2, -3]],
    ['a product', withConstant('multiply'), [[2, -3]], [6, -15]],
    ['a quotient', withConstant('divide'), [[2, 4]], [1.5, 1.25]],
  ])('%s', (_, op, arrays, expected) => {
    expect(isChannelAffine(layer(op))).toBe(true)
    const { factors, offsets } = channelAffine(layer(op), arrays)
    expect([3 * factors[0]! + offsets[0]!, 5 * factors[1]! + offsets[1]!]).toEqual(expected)
  })

  it('knows constants that are numbers, or one a channel, from those that differ from unit to unit', () => {
    const constant = (shape: Shape): Operation => ({
      kind: 'withConstant',
      fn: 'add',
      constant: { shape },
      constantFirst: false,
    })
    expect(
      isChannelAffine(layer({ kind: 'withConstant', fn: 'add', constant: 3, constantFirst: false })),
    ).toBe(true)
    for (const shape of [[], [1], [2], [1, 1, 2]]) expect(isChannelAffine(layer(constant(shape)))).toBe(true)
    for (const shape of [
      [4, 1],
      [4, 4, 2],
      [1, 4, 2],
    ])
      expect(isChannelAffine(layer(constant(shape)))).toBe(false)
    // As many rows as channels.
    expect(isChannelAffine(layer(constant([4, 1, 1]), [4, 4, 4]))).toBe(false)
  })

  it('knows what is not affine', () => {
    for (const op of [withConstant('maximum'), withConstant('divide', true), { kind: 'identity' } as const])
      expect(isChannelAffine(layer(op))).toBe(false)
  })
})

it('keepsZero is true if no weights could move 0', () => {
  expect(keepsZero({ kind: 'rescale', scale: [2], offset: [0, 0] })).toBe(true)
  expect(keepsZero({ kind: 'rescale', scale: [2], offset: [0, 1] })).toBe(false)
  expect(keepsZero(withConstant('multiply'))).toBe(true)
  expect(keepsZero(withConstant('add'))).toBe(false)
  expect(keepsZero({ kind: 'batchNorm', ...statistics, scale: true, center: false })).toBe(false)
})

it('chained does one after the other', () => {
  const affine = (factor: number, offset: number) => ({
    factors: Float64Array.of(factor),
    offsets: Float64Array.of(offset),
  })
  expect(chained(affine(2, 3), affine(5, 7))).toEqual(affine(10, 22))
  expect(chained(null, affine(5, 7))).toEqual(affine(5, 7))
})
