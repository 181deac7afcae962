/** Weights are turned while they are read: every number has to land in its place, however the file is cut into pieces. */
import { describe, expect, it } from 'vitest'
import { permuted, storedConstant } from '../../../../src/core/model/onnx/constants.ts'
import { readTensor, type StoredTensor } from '../../../../src/core/model/onnx/tensorProto.ts'
import { putTurned, turnedFloats } from '../../../../src/core/model/onnx/turned.ts'
import { type ByteSource, WireReader } from '../../../../src/core/model/onnx/wire.ts'
import { bytesSource } from '../../../fixtures/bytesSource.ts'
import { bytes, tensorBytes, text, whole } from '../../../fixtures/onnxWriter.ts'

const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** By NumPy's definition of `transpose`: where the result has index `i`, the array has it with its axes put back. */
function transposed(values: ArrayLike<number>, shape: readonly number[], order: readonly number[]): number[] {
  const lengths = order.map((axis) => shape[axis]!)
  return Array.from({ length: values.length }, (_, place) => {
    const index = Array<number>(shape.length).fill(0)
    let rest = place
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      index[order[axis]!] = rest % lengths[axis]!
      rest = Math.floor(rest / lengths[axis]!)
    }
    return values[index.reduce((at, i, axis) => at * shape[axis]! + i, 0)]!
  })
}

describe.each([
  [
    [2, 3],
    [1, 0],
  ],
  [
    [4, 3, 2, 5],
    [2, 3, 1, 0],
  ],
  [
    [4, 3, 2, 5],
    [0, 2, 3, 1],
  ],
  [
    [3, 1, 4],
    [1, 2, 0],
  ],
  [[6], [0]],
  [
    [0, 3],
    [1, 0],
  ],
  [
    [3, 0],
    [1, 0],
  ],
] as const)('%j as %j', (shape, order) => {
  const values = Float32Array.from({ length: count(shape) }, (_, i) => i + 0.5)

  it('at once', () => {
    expect([...turnedFloats(values, { shape, order })]).toEqual(transposed(values, shape, order))
  })

  it('row by row', () => {
    const result = new Float32Array(values.length).fill(-1)
    const length = count(shape.slice(1))
    for (let row = 0; row < shape[0]; row++)
      putTurned(values.subarray(row * length, (row + 1) * length), result, { shape, order }, row)
    expect([...result]).toEqual(transposed(values, shape, order))
  })
})

/** An array of another file, whose bytes begin at `offset`, and how many of them were read at once at most. */
function external(shape: readonly number[], type: number, numbers: ArrayBufferView, offset: number) {
  const file = new Uint8Array(offset + numbers.byteLength)
  file.set(new Uint8Array(numbers.buffer), offset)
  const source = bytesSource(file)
  const read: { most: number } = { most: 0 }
  const noting: ByteSource = {
    ...source,
    read(start, end) {
      read.most = Math.max(read.most, end - start)
      return source.read(start, end)
    },
  }
  const entry = (key: string, value: string): readonly number[] =>
    bytes(13, [...text(1, key), ...text(2, value)])
  const message = tensorBytes('w', shape, type, [
    ...entry('location', 'w.data'),
    ...entry('offset', String(offset)),
    ...whole(14, 1),
  ])
  const tensor: StoredTensor = readTensor(
    new WireReader(bytesSource(Uint8Array.from(message))),
    { start: 0, end: message.length },
    { needs: () => undefined, open: () => noting },
  )
  return { tensor, read }
}

/** Compares without a message for each of millions of numbers. */
function expectSame(found: Float32Array | null, wanted: ArrayLike<number>): void {
  expect(found?.length).toBe(wanted.length)
  expect(found!.findIndex((value, i) => value !== wanted[i])).toBe(-1)
}

describe('arrays of some megabytes', () => {
  it.each([
    ['many rows in a piece', [2999, 610], [1, 0], 0],
    ['filters', [700, 301, 3, 3], [2, 3, 1, 0], 0],
    ['that begin at any byte', [1501, 1001], [1, 0], 3],
    ['rows longer than a piece', [3, 1_200_001], [1, 0], 0],
  ] as const)('%s', (_, shape, order, offset) => {
    const values = Float32Array.from({ length: count(shape) }, (__, i) => i)
    const { tensor, read } = external(shape, 1, values, offset)
    expectSame(storedConstant(tensor).floats(), values)
    expect(read.most).toBeLessThanOrEqual(2 ** 22)
    expectSame(permuted(storedConstant(tensor), order).floats(), transposed(values, shape, order))
    expect(read.most).toBeLessThanOrEqual(Math.max(2 ** 22, 4 * count(shape.slice(1))))
  })

  it('of another type', () => {
    const values = Float64Array.from({ length: 1000 * 901 }, (_, i) => i / 3)
    const { tensor, read } = external([1000, 901], 11, values, 0)
    const wanted = Float32Array.from(transposed(values, [1000, 901], [1, 0]))
    expectSame(permuted(storedConstant(tensor), [1, 0]).floats(), wanted)
    expect(read.most).toBeLessThanOrEqual(2 ** 22)
  })
})

it('turns what is turned already, and what is looked at by another shape', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i)
  const stored = storedConstant(external([2, 3, 4], 1, values, 0).tensor)
  const once = permuted(stored, [2, 0, 1])
  const first = transposed(values, [2, 3, 4], [2, 0, 1])
  expect([...permuted(once, [1, 2, 0]).floats()!]).toEqual(transposed(first, [4, 2, 3], [1, 2, 0]))
  const seen = permuted({ ...once, shape: [8, 3] }, [1, 0])
  expect([...seen.floats()!]).toEqual(transposed(first, [8, 3], [1, 0]))
  expect([...seen.numbers()]).toEqual([...seen.floats()!])
})
