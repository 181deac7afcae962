/** Protocol buffers by hand: what the kit's encodings have, and what is broken. */
import { describe, expect, it } from 'vitest'
import { CutOff, type Field, WireReader } from '../../../../src/core/model/onnx/wire.ts'
import { bytesSource } from '../../../fixtures/bytesSource.ts'
import { bytes, float, text, varint, whole } from '../../../fixtures/onnxWriter.ts'

function reader(...parts: (readonly number[])[]): WireReader {
  return new WireReader(bytesSource(Uint8Array.from(parts.flat())))
}

function fieldsOf(...parts: (readonly number[])[]): Field[] {
  return [...reader(...parts).fields()]
}

describe('numbers', () => {
  it.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 + 5, -1, -3, -(2 ** 40)])('%d', (value) => {
    expect(fieldsOf(whole(1, value))).toMatchObject([{ number: 1, value }])
  })

  it('of 64 bits come as near as they can', () => {
    expect(fieldsOf(whole(1, 2n ** 63n - 1n), whole(2, -(2n ** 63n)))).toMatchObject([
      { value: 2 ** 63 },
      { value: -(2 ** 63) },
    ])
  })

  it('may have more bytes than they need', () => {
    const long = [0x83, 0x80, 0x80, 0x00]
    const [field] = fieldsOf([...varint(8 + 2), ...long, 97, 98, 99])
    expect(field).toMatchObject({ number: 1, start: 5, end: 8 })
  })

  it('are one by one or packed', () => {
    const all = reader(whole(3, 5), bytes(3, [...varint(7), ...varint(-2)]), float(4, 0.5))
    const [one, two, half] = all.fields()
    expect(all.numbers(one!, 'varint')).toEqual([5])
    expect(all.numbers(two!, 'varint')).toEqual([7, -2])
    expect(all.numbers(half!, 'fixed32')).toEqual([0.5])
  })
})

it('groups are passed over, also within each other', () => {
  const group = [
    ...varint(9 * 8 + 3),
    ...whole(1, 2),
    ...varint(8 * 8 + 3),
    ...varint(8 * 8 + 4),
    ...varint(9 * 8 + 4),
  ]
  expect(fieldsOf(group, whole(2, 7))).toMatchObject([{ number: 2, value: 7 }])
})

it('text is UTF-8, and byte by byte if it is none', () => {
  const all = reader(text(1, 'größe 100%'), bytes(1, [0x67, 0xf6]))
  expect([...all.fields()].map((field) => all.text(field))).toEqual(['größe 100%', 'gö'])
})

it('small fields are read many at a time, and their bytes are copies', () => {
  const file = Uint8Array.from(Array.from({ length: 5000 }, (_, i) => text(1, `node ${i}`)).flat())
  let reads = 0
  const source = {
    size: file.length,
    read(start: number, end: number): Uint8Array {
      reads++
      return file.slice(start, end)
    },
  }
  const all = new WireReader(source)
  const texts = [...all.fields()].map((field) => all.text(field))
  expect(texts).toEqual(Array.from({ length: 5000 }, (_, i) => `node ${i}`))
  // Twice through some 50 kB: the fields, then their texts.
  expect(reads).toBeLessThan(12)
  const [first] = all.fields()
  all.bytes(first!).fill(0)
  expect(all.text(first!)).toBe('node 0')
})

it('a payload is not read unless somebody asks', () => {
  const size = 1e9
  let read = 0
  const head = Uint8Array.from([...varint(1 * 8 + 2), ...varint(size - 9), 0])
  const tail = Uint8Array.from(whole(2, 5))
  const source = {
    size: size - 3 + tail.length,
    read(start: number, end: number): Uint8Array {
      read += Math.min(end, size) - start
      const block = new Uint8Array(end - start)
      if (start === 0) block.set(head)
      else block.set(tail)
      return block
    },
  }
  expect([...new WireReader(source).fields()]).toMatchObject([{ number: 1 }, { number: 2, value: 5 }])
  expect(read).toBeLessThan(1e5)
})

describe('broken', () => {
  it('a file that is cut off says how long it should be', () => {
    const error = (() => {
      try {
        fieldsOf([...varint(1 * 8 + 2), ...varint(500), 1, 2])
        return null
      } catch (one) {
        return one
      }
    })()
    expect(error).toBeInstanceOf(CutOff)
    expect(error).toMatchObject({ expected: 503 })
  })

  it.each([
    [
      'a field longer than its message',
      [...varint(1 * 8 + 2), 4, ...varint(1 * 8 + 2), 9, 0, 0, ...whole(2, 1)],
      /behind the message/,
    ],
    ['a number without end', [8, ...Array<number>(12).fill(0xff)], /has no end/],
    ['a kind of field that does not exist', [1 * 8 + 7], /no known kind/],
    ['field 0', [2, 0], /no field at byte 0/],
    ['a group that nothing closes', [9 * 8 + 3, ...whole(1, 2)], /has no end/],
  ])('%s', (_, data, message) => {
    const all = reader(data)
    const walk = (): unknown =>
      [...all.fields()].flatMap((field) => (field.wire === 'bytes' ? [...all.fields(field)] : []))
    expect(walk).toThrow(message)
  })
})
