import { expect, it } from 'vitest'
import {
  combinedLengths,
  eachLength,
  joinedLengths,
  lengthsAt,
  lengthsInRange,
  productOfLengths,
  wholeLengths,
} from '../../../../src/core/model/dataflow/lengths.ts'
import {
  constantValue,
  type Length,
  lengthsOf,
  type LengthsValue,
  numbersOf,
  type Value,
} from '../../../../src/core/model/dataflow/values.ts'

const list = (...lengths: Length[]): LengthsValue => ({ kind: 'lengths', lengths, scalar: false })
const single = (length: Length): LengthsValue => ({ kind: 'lengths', lengths: [length], scalar: true })

function constant(shape: readonly number[], ...values: number[]): Value {
  return constantValue({ name: 'c', shape, type: 'int32', floats: () => Float32Array.from(values) })
}

it('of lists and single ones, constants or not, one list', () => {
  expect(joinedLengths([list('batch', 9), single(8), constant([1], 3)])).toEqual(list('batch', 9, 8, 3))
})

it('at indices, from the end too', () => {
  expect(lengthsAt(list('batch', 9, 8, 3), constant([2], 0, -1))).toEqual(list('batch', 3))
  expect(lengthsAt(list('batch', 9, 8, 3), constant([], 1))).toEqual(single(9))
})

it('in a range, which has to end', () => {
  expect(lengthsInRange(2, 9, 3)).toEqual(list(2, 5, 8))
  expect(lengthsInRange(2, 2, 1)).toEqual(list())
  expect(() => lengthsInRange(0, 1e9, 1)).toThrow('it counts 1000000000 numbers')
  expect(() => lengthsInRange(0, 1, 0)).toThrow('it counts Infinity numbers')
})

it('a product, a function of each, and of two', () => {
  expect(productOfLengths(list(9, 8, 3))).toEqual(single(216))
  expect(productOfLengths(list())).toEqual(single(1))
  expect(eachLength(list(4, 9), Math.sqrt)).toEqual(list(2, 3))
  const minus = (a: number, b: number): number => a - b
  expect(combinedLengths(list(9, 8), single(2), minus)).toEqual(list(7, 6))
  expect(combinedLengths(single(20), list(9, 8), minus)).toEqual(list(11, 12))
  expect(combinedLengths(single(9), single(2), minus)).toEqual(single(7))
})

it('fractions are cut off, and the number of images stays open', () => {
  expect(wholeLengths(list('batch', 2.75, -2.75))).toEqual(list('batch', 2, -2))
})

it('nothing is computed of the number of images', () => {
  for (const compute of [
    (): unknown => productOfLengths(list('batch', 9)),
    (): unknown => eachLength(single('batch'), Math.ceil),
    (): unknown => combinedLengths(list('batch'), single(2), (a, b) => a * b),
    (): unknown => numbersOf(list('batch')),
  ])
    expect(compute).toThrow('it depends on the number of images')
})

it('weights and unreadable arrays are no lengths', () => {
  expect(lengthsOf(constant([2], 9, 8))).toEqual(list(9, 8))
  expect(lengthsOf(constant([], 9))).toEqual(single(9))
  const problem = 'it needs lengths that are known beforehand'
  expect(() => lengthsOf(constant([65], ...Array<number>(65).fill(1)))).toThrow(problem)
  expect(() => lengthsOf({ kind: 'tensor', layer: 0, shape: [3] })).toThrow(problem)
  expect(() =>
    lengthsOf(constantValue({ name: 'c', shape: [1], type: 'string', floats: () => null })),
  ).toThrow(problem)
})
