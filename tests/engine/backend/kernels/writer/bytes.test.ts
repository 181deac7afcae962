/** Numbers in LEB128, at the edges of their bytes; the values are those of the specification's own encoding. */
import { describe, expect, it } from 'vitest'
import {
  float,
  list,
  name,
  signed,
  sized,
  unsigned,
} from '../../../../../src/engine/backend/kernels/writer/bytes.ts'

describe('numbers', () => {
  it.each([
    [0, [0]],
    [63, [63]],
    [64, [64]],
    [127, [127]],
    [128, [0x80, 1]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x80, 0x80, 1]],
    [624_485, [0xe5, 0x8e, 0x26]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 8]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('without a sign: %i', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes)
  })

  it.each([
    [0, [0]],
    [63, [63]],
    [64, [0xc0, 0]],
    [127, [0xff, 0]],
    [128, [0x80, 1]],
    [8191, [0xff, 0x3f]],
    [8192, [0x80, 0xc0, 0]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 7]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-128, [0x80, 0x7f]],
    [-123_456, [0xc0, 0xbb, 0x78]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
    // The same bits as the two above.
    [2 ** 32 - 1, [0x7f]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('with a sign: %i', (value, bytes) => {
    expect(signed(value)).toEqual(bytes)
  })

  it.each([
    [1, [0, 0, 0x80, 0x3f]],
    [-0, [0, 0, 0, 0x80]],
    [-Infinity, [0, 0, 0x80, 0xff]],
    [0.1, [0xcd, 0xcc, 0xcc, 0x3d]],
  ])('in single precision: %d', (value, bytes) => {
    expect(float(value)).toEqual(bytes)
  })
})

it('says how many items, bytes and letters follow', () => {
  expect(list([[1, 2], [], [3]])).toEqual([3, 1, 2, 3])
  expect(sized(Array<number>(200).fill(7)).slice(0, 3)).toEqual([0xc8, 1, 7])
  expect(name('env')).toEqual([3, 101, 110, 118])
  expect(name('é')).toEqual([2, 0xc3, 0xa9])
})
