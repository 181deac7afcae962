/**
 * @file Changes of a file's bytes as plain data, so that they shrink one by one: bits, numbers of every width, parts that are
 * cut out, doubled or come from another place, and words of the format.
 */
import * as fc from 'fast-check'
import { joined } from '../../fixtures/snapshots.ts'

/** Places are counted from either end, where headers and directories lie; `at` wraps around. */
interface Place {
  readonly at: number
  readonly fromEnd: boolean
}

export type ByteEdit =
  | { readonly edit: 'flip'; readonly place: Place; readonly bit: number }
  | {
      readonly edit: 'number'
      readonly place: Place
      readonly value: bigint
      readonly width: number
      readonly little: boolean
    }
  | { readonly edit: 'cut'; readonly place: Place }
  | { readonly edit: 'remove'; readonly place: Place; readonly length: number }
  | { readonly edit: 'copy'; readonly place: Place; readonly from: Place; readonly length: number }
  | { readonly edit: 'fill'; readonly place: Place; readonly length: number; readonly byte: number }
  | { readonly edit: 'word'; readonly place: Place; readonly word: string; readonly replaces: boolean }

const place: fc.Arbitrary<Place> = fc.record({
  at: fc.oneof(fc.nat(31), fc.nat(255), fc.nat(4095), fc.nat(1 << 20)),
  fromEnd: fc.boolean(),
})

/** Numbers at which programs go wrong: the ends of all widths, and small ones. */
const tellingNumbers = [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x10000n]
const largeNumbers = [0x7fffffffn, 0x80000000n, 0xffffffffn, 0x7fffffffffffffffn, 0xffffffffffffffffn]

const number = fc.oneof(
  fc.constantFrom(...tellingNumbers, ...largeNumbers),
  fc.nat(64).map(BigInt),
  fc.bigInt({ min: 0n, max: 0xffffffffn }),
)
const partLength = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 2048 }))

export function byteEdits(words: readonly string[]): fc.Arbitrary<readonly ByteEdit[]> {
  const edit: fc.Arbitrary<ByteEdit> = fc.oneof(
    fc.record({ edit: fc.constant('flip' as const), place, bit: fc.nat(7) }),
    {
      weight: 3,
      arbitrary: fc.record({
        edit: fc.constant('number' as const),
        place,
        value: number,
        width: fc.constantFrom(1, 2, 4, 8),
        little: fc.boolean(),
      }),
    },
    fc.record({ edit: fc.constant('cut' as const), place }),
    fc.record({ edit: fc.constant('remove' as const), place, length: partLength }),
    fc.record({ edit: fc.constant('copy' as const), place, from: place, length: partLength }),
    fc.record({
      edit: fc.constant('fill' as const),
      place,
      length: partLength,
      byte: fc.constantFrom(0, 0x20, 0x7f, 0xff),
    }),
    fc.record({
      edit: fc.constant('word' as const),
      place,
      word: fc.constantFrom(...words, '\0', 'é', '\u202e'),
      replaces: fc.boolean(),
    }),
  )
  return fc.array(edit, { minLength: 1, maxLength: 6 })
}

export function editBytes(
  bytes: Uint8Array<ArrayBuffer>,
  edits: readonly ByteEdit[],
): Uint8Array<ArrayBuffer> {
  return edits.reduce(edited, bytes)
}

function edited(bytes: Uint8Array<ArrayBuffer>, change: ByteEdit): Uint8Array<ArrayBuffer> {
  const at = offsetOf(change.place, bytes.length)
  switch (change.edit) {
    case 'flip': {
      const copy = bytes.slice()
      if (at < copy.length) copy[at]! ^= 1 << change.bit
      return copy
    }
    case 'number':
      return overwritten(bytes, at, digitsOf(change.value, change.width, change.little))
    case 'cut':
      return bytes.slice(0, at)
    case 'remove':
      return joined([bytes.subarray(0, at), bytes.subarray(at + change.length)])
    case 'copy': {
      const from = offsetOf(change.from, bytes.length)
      return joined([bytes.subarray(0, at), bytes.subarray(from, from + change.length), bytes.subarray(at)])
    }
    case 'fill':
      return overwritten(bytes, at, new Uint8Array(change.length).fill(change.byte))
    case 'word': {
      const word = new TextEncoder().encode(change.word)
      return change.replaces
        ? overwritten(bytes, at, word)
        : joined([bytes.subarray(0, at), word, bytes.subarray(at)])
    }
  }
}

function offsetOf({ at, fromEnd }: Place, length: number): number {
  const wrapped = at % (length + 1)
  return fromEnd ? length - wrapped : wrapped
}

function digitsOf(value: bigint, width: number, little: boolean): Uint8Array {
  const digits = Uint8Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
  return little ? digits : digits.toReversed()
}

/** What would lie behind the end is left out. */
function overwritten(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice()
  copy.set(part.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length))
  return copy as Uint8Array<ArrayBuffer>
}
