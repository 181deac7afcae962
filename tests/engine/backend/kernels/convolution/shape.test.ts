/** Which kernel a layer gets, by its shape alone. */
import { expect, it } from 'vitest'
import { kernelFor } from '../../../../../src/engine/backend/kernels/convolution/shape.ts'
import { type Case, shapeOf } from './cases.ts'

const plain: Case = { map: [11, 11, 16], kernel: [3, 3], filters: 16 }

it.each<[string, Case, string]>([
  ['3×3 of a map of 9×9', plain, 'winograd'],
  ['with margins', { ...plain, map: [9, 9, 16], margins: [1, 1, 1, 1] }, 'winograd'],
  ['8 rows', { ...plain, map: [10, 40, 16] }, 'winograd'],
  ['8 rows of many channels', { ...plain, map: [10, 40, 256], filters: 256 }, 'direct'],
  ['9 rows of many channels', { ...plain, map: [11, 40, 256], filters: 256 }, 'winograd'],
  ['5 columns', { ...plain, map: [40, 7, 16] }, 'direct'],
  ['few input channels', { ...plain, map: [11, 11, 15] }, 'direct'],
  ['few output channels', { ...plain, filters: 15 }, 'direct'],
  ['5×5', { ...plain, map: [20, 20, 16], kernel: [5, 5] }, 'direct'],
  ['3×1', { ...plain, kernel: [3, 1] }, 'direct'],
  ['strides', { ...plain, map: [40, 40, 16], strides: [2, 2] }, 'direct'],
  ['dilation', { ...plain, map: [40, 40, 16], dilation: [1, 2] }, 'direct'],
  ['groups', { ...plain, groups: 2 }, 'direct'],
])('%s', (_, one, kernel) => {
  expect(kernelFor(shapeOf(one))).toBe(kernel)
})
