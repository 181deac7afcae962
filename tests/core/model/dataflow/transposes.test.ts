import { expect, it } from 'vitest'
import { unmovedShape } from '../../../../src/core/model/dataflow/transposes.ts'

it.each<readonly [readonly number[], readonly number[], readonly number[] | null]>([
  [
    [4, 5, 6],
    [0, 1, 2, 3],
    [4, 5, 6],
  ],
  // Only axes of length 1 change places.
  [
    [1, 1, 6],
    [0, 3, 1, 2],
    [6, 1, 1],
  ],
  [
    [4, 1, 6],
    [0, 2, 1, 3],
    [1, 4, 6],
  ],
  [
    [4, 1, 6],
    [0, 1, 3, 2],
    [4, 6, 1],
  ],
  // Rows and columns change places.
  [[4, 5, 1], [0, 2, 1, 3], null],
  [[4, 5, 6], [0, 3, 1, 2], null],
  // The batch moves, even of a single number.
  [[1, 1], [1, 0, 2], null],
])('%j in the order %j is %j', (shape, order, expected) => {
  expect(unmovedShape(shape, order)).toEqual(expected)
})
