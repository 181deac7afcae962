import { expect, it } from 'vitest'
import {
  broadcast,
  elementwise,
  gathered,
  joined,
  range,
  reshaped,
  stacked,
  transposed,
} from '../../../../src/core/model/dataflow/constants.ts'
import type { GraphConstant } from '../../../../src/core/model/dataflow/values.ts'

function constant(shape: readonly number[], values: readonly number[], name = 'c'): GraphConstant {
  return { name, shape, type: 'float32', floats: () => Float32Array.from(values) }
}

const matrix = constant([2, 3], [1, 2, 3, 4, 5, 6])

/** `[shape, numbers]` */
function made({ shape, floats }: GraphConstant): unknown {
  return [shape, [...floats()!]]
}

it('each number by itself', () => {
  expect(made(elementwise(matrix, (n) => n * n))).toEqual([
    [2, 3],
    [1, 4, 9, 16, 25, 36],
  ])
})

it('two arrays, the shorter axes repeated as in NumPy', () => {
  const minus = (a: number, b: number): number => a - b
  expect(made(broadcast(matrix, constant([3], [1, 2, 3]), minus))).toEqual([
    [2, 3],
    [0, 0, 0, 3, 3, 3],
  ])
  expect(made(broadcast(constant([2, 1], [10, 20]), constant([1, 3], [1, 2, 3]), minus))).toEqual([
    [2, 3],
    [9, 8, 7, 19, 18, 17],
  ])
  expect(made(broadcast(constant([], [7]), constant([2], [1, 2]), minus))).toEqual([[2], [6, 5]])
  expect(() => broadcast(matrix, constant([2], [1, 2]), minus)).toThrow('it joins [2, 3] and [2]')
})

it('another shape of as many numbers', () => {
  expect(made(reshaped(matrix, [3, 1, 2]))).toEqual([
    [3, 1, 2],
    [1, 2, 3, 4, 5, 6],
  ])
  expect(() => reshaped(matrix, [4])).toThrow('it makes [4] of [2, 3]')
})

it('axes in another order', () => {
  expect(made(transposed(matrix, [1, 0]))).toEqual([
    [3, 2],
    [1, 4, 2, 5, 3, 6],
  ])
  const cube = constant([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7])
  expect(made(transposed(cube, [2, 0, 1]))).toEqual([
    [2, 2, 2],
    [0, 2, 4, 6, 1, 3, 5, 7],
  ])
})

it('axes that are not all of an array’s, in no order', () => {
  for (const order of [[0], [0, 1, 2], [0, 0], [1, 2]])
    expect(() => transposed(matrix, order)).toThrow(
      `it moves axes of [2, 3] to the order ${order.join(', ')}`,
    )
  expect(() => transposed(constant([], [7]), [0, 1, 2, 3])).toThrow('it moves axes of []')
})

it('no parts that do not fit together', () => {
  expect(() => joined([matrix, constant([2], [1, 2])], 0)).toThrow('it joins [2, 3] and [2] along axis 0')
  expect(() => joined([matrix, constant([3, 2], [1, 2, 3, 4, 5, 6])], 0)).toThrow('along axis 0')
  expect(() => joined([matrix, matrix], 2)).toThrow('it joins [2, 3] and [2, 3] along axis 2')
})

it('numbers up to a limit', () => {
  const number = (n: number): GraphConstant => constant([], [n])
  expect(made(range([number(1), number(2.6), number(0.5)]))).toEqual([[4], [1, 1.5, 2, 2.5]])
  expect(made(range([number(3), number(0), number(-1)]))).toEqual([[3], [3, 2, 1]])
  expect(made(range([number(3), number(0), number(1)]))).toEqual([[0], []])
  expect(() => range([number(3), number(0), number(0)])).toThrow('it needs a start, an end and a step')
})

it('what lies at indices, along any axis', () => {
  expect(made(gathered(matrix, constant([2], [1, 0]), 0))).toEqual([
    [2, 3],
    [4, 5, 6, 1, 2, 3],
  ])
  expect(made(gathered(matrix, constant([2], [2, 0]), 1))).toEqual([
    [2, 2],
    [3, 1, 6, 4],
  ])
  expect(made(gathered(matrix, constant([], [1]), 1))).toEqual([[2], [2, 5]])
})

it('side by side, along an axis or along a new one', () => {
  const other = constant([2, 1], [8, 9])
  expect(made(joined([matrix, other], 1))).toEqual([
    [2, 4],
    [1, 2, 3, 8, 4, 5, 6, 9],
  ])
  const pair = [constant([2], [1, 2]), constant([2], [3, 4])]
  expect(made(stacked(pair, 0))).toEqual([
    [2, 2],
    [1, 2, 3, 4],
  ])
  expect(made(stacked(pair, 1))).toEqual([
    [2, 2],
    [1, 3, 2, 4],
  ])
})

it('nothing is read before it is asked for, and what cannot be read makes nothing', () => {
  let reads = 0
  const lazy: GraphConstant = {
    name: 'lazy',
    shape: [1],
    type: 'float32',
    floats: () => (reads++, Float32Array.of(1)),
  }
  const sum = broadcast(transposed(lazy, [0]), lazy, (a, b) => a + b)
  expect(reads).toBe(0)
  expect([sum.name, made(sum)]).toEqual(['lazy', [[1], [2]]])
  const unreadable: GraphConstant = { ...lazy, floats: () => null }
  expect(joined([lazy, unreadable], 0).floats()).toBeNull()
})
