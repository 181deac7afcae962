/** The bytes are those that NumPy 2.4.6 writes (`np.save`) of the same arrays. */
import { describe, expect, it } from 'vitest'
import { type ArrayData, npyPieces } from '../../../../src/core/results/arrays/npy.ts'
import { readNpy } from '../../../fixtures/npz.ts'

function written(shape: readonly number[], data: ArrayData): Buffer {
  return Buffer.concat([...npyPieces({ name: 'any', shape, data })])
}

/** The head, up to its padding, and the numbers. */
const known: readonly [ArrayData, readonly number[], string, string][] = [
  [
    Int32Array.of(1, -2, 3, 4, 5, 6),
    [2, 3],
    "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }",
    '01000000feffffff03000000040000000500000006000000',
  ],
  [
    BigInt64Array.of(1n, -(2n ** 40n)),
    [2],
    "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
    '01000000000000000000000000ffffff',
  ],
  [BigInt64Array.of(7n), [], "{'descr': '<i8', 'fortran_order': False, 'shape': (), }", '0700000000000000'],
  [
    Float32Array.of(0.1, Number.NaN, Infinity),
    [3],
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
    'cdcccc3d0000c07f0000807f',
  ],
  [
    Float64Array.of(0.1, -0),
    [2, 1],
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }",
    '9a9999999999b93f0000000000000080',
  ],
  [{ flags: Uint8Array.of(1, 0) }, [2], "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", '0100'],
  [
    { texts: ['ab', '', 'é😀x'] },
    [3],
    "{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }",
    '610000006200000000000000000000000000000000000000e900000000f6010078000000',
  ],
  [{ texts: ['hi'] }, [], "{'descr': '<U2', 'fortran_order': False, 'shape': (), }", '6800000069000000'],
  [{ texts: [''] }, [1], "{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", '00000000'],
  [new Int32Array(), [0], "{'descr': '<i4', 'fortran_order': False, 'shape': (0,), }", ''],
  [new Float64Array(), [0, 3, 2], "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3, 2), }", ''],
]

describe('an array as a file', () => {
  it.each(known)('is what NumPy writes of %s', (data, shape, head, numbers) => {
    const before = Buffer.from('934e554d505901007600', 'hex')
    const padded = Buffer.from(`${head.padEnd(128 - 10 - 1)}\n`)
    expect(written(shape, data).toString('hex')).toBe(
      Buffer.concat([before, padded, Buffer.from(numbers, 'hex')]).toString('hex'),
    )
  })

  it('begins its numbers at a multiple of 64 bytes, however long its head is', () => {
    for (let axes = 0; axes < 60; axes++) {
      const shape = Array<number>(axes).fill(1)
      const bytes = written(shape, Float32Array.of(2.5))
      expect((bytes.length - 4) % 64).toBe(0)
      expect(readNpy(bytes)).toEqual({ type: '<f4', shape, values: [2.5] })
    }
  })

  it('has the numbers of a part of memory only', () => {
    const part = Int32Array.of(1, 2, 3, 4).subarray(1, 3)
    expect(readNpy(written([2], part)).values).toEqual([2, 3])
  })

  it('has texts in pieces of which none is long', () => {
    const texts = Array.from({ length: 40_000 }, (_, i) => `cat/${i}.png`)
    const pieces = [...npyPieces({ name: 'paths', shape: [texts.length], data: { texts } })]
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(4 * 13 * 2 ** 14)
    expect(readNpy(Buffer.concat(pieces))).toEqual({ type: '<U13', shape: [40_000], values: texts })
  })
})
