/**
 * @file Protocol buffers as they lie in a file: https://protobuf.dev/programming-guides/encoding/. A message is walked field
 * by field, and what a field holds is read only if somebody asks for it, so that a file of gigabytes costs some small reads.
 * No schema is needed, and a library would want the whole file in memory.
 */

/** Bytes of a file, read when they are asked for. */
export interface ByteSource {
  readonly size: number
  read(start: number, end: number): Uint8Array
}

/** `[start, end)` in bytes of the file. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Field extends Range {
  readonly number: number
  /** As the file has it. `numbers` reads all of them. */
  readonly wire: Wire
  /** The number of a field that holds one; 0 for others. Whole numbers are signed, of 64 bits. */
  readonly value: number
}

type Wire = 'varint' | 'fixed64' | 'bytes' | 'fixed32'

/** A file that is none of this format, or damaged; the message says what is wrong with it. */
export class BrokenFile extends Error {}

/** A file that ends before it should: it is cut off. */
export class CutOff extends BrokenFile {
  /** The least number of bytes that the file should have. */
  readonly expected: number

  constructor(expected: number) {
    super(`it ends before byte ${expected}`)
    this.expected = expected
  }
}

/** Read at once, as most fields are small and lie side by side, and a read takes a good part of a millisecond. */
const blockBytes = 1 << 14
/** Of a number of 64 bits, seven a byte. */
const longestVarint = 10
/** Nothing that is meant seriously nests deeper; each level is a call. */
const deepestGroup = 100

export class WireReader {
  readonly size: number
  readonly #source: ByteSource
  #block: Uint8Array = new Uint8Array()
  #blockStart = 0
  /** Behind the number that was read last. */
  #next = 0

  constructor(source: ByteSource) {
    this.#source = source
    this.size = source.size
  }

  /** The fields of a message, in the order of the file. Throws `BrokenFile` if it is none. */
  *fields(message: Range = { start: 0, end: this.size }): Generator<Field> {
    for (let at = message.start; at < message.end;) {
      const { field, end } = this.#fieldAt(at, message.end, 0)
      if (field) yield field
      at = end
    }
  }

  /** A copy. */
  bytes({ start, end }: Range): Uint8Array {
    if (end - start > blockBytes) return this.#source.read(start, end)
    if (start < this.#blockStart || end > this.#blockStart + this.#block.length) this.#readBlock(start)
    return this.#block.slice(start - this.#blockStart, end - this.#blockStart)
  }

  text(range: Range): string {
    return decodeUtf8(this.bytes(range))
  }

  /** The numbers of one field: one, or several that are packed. `as` is how packed ones are written. */
  numbers(field: Field, as: Exclude<Wire, 'bytes'>): readonly number[] {
    if (field.wire !== 'bytes') return [field.value]
    if (as === 'varint') return [...this.#varints(field)]
    const view = viewOf(this.bytes(field))
    const size = as === 'fixed32' ? 4 : 8
    return Array.from({ length: Math.floor(view.byteLength / size) }, (_, i) =>
      as === 'fixed32' ? view.getFloat32(size * i, true) : view.getFloat64(size * i, true),
    )
  }

  *#varints({ start, end }: Range): Generator<number> {
    for (let at = start; at < end; at = this.#next) yield this.#varint(at, end)
  }

  /** `field` is null for a group, which nothing of ours uses. */
  #fieldAt(at: number, limit: number, depth: number): { field: Field | null; end: number } {
    const key = this.#varint(at, limit)
    const start = this.#next
    const number = Math.floor(key / 8)
    if (number < 1) throw new BrokenFile(`there is no field at byte ${at}`)
    switch (key % 8) {
      case 0: {
        const value = this.#varint(start, limit)
        return { field: { number, wire: 'varint', value, start, end: this.#next }, end: this.#next }
      }
      case 1:
        return this.#fixed(number, 'fixed64', start, 8, limit)
      case 2: {
        const length = this.#varint(start, limit)
        const from = this.#next
        const end = from + length
        if (!(length >= 0 && end <= limit)) throw this.#beyond(at, end, limit)
        return { field: { number, wire: 'bytes', value: 0, start: from, end }, end }
      }
      case 3:
        return { field: null, end: this.#endOfGroup(number, start, limit, depth) }
      case 5:
        return this.#fixed(number, 'fixed32', start, 4, limit)
      default:
        throw new BrokenFile(`the field at byte ${at} is of no known kind`)
    }
  }

  #fixed(
    number: number,
    wire: 'fixed32' | 'fixed64',
    start: number,
    size: 4 | 8,
    limit: number,
  ): { field: Field; end: number } {
    const end = start + size
    if (end > limit) throw this.#beyond(start, end, limit)
    const view = new DataView(new ArrayBuffer(size))
    for (let i = 0; i < size; i++) view.setUint8(i, this.#byteAt(start + i))
    const value = wire === 'fixed32' ? view.getFloat32(0, true) : view.getFloat64(0, true)
    return { field: { number, wire, value, start, end }, end }
  }

  /** Behind the mark that closes the group. */
  #endOfGroup(group: number, start: number, limit: number, depth: number): number {
    if (depth > deepestGroup) throw new BrokenFile('its fields nest too deep')
    for (let at = start; at < limit;) {
      const key = this.#varint(at, limit)
      if (key % 8 === 4) {
        if (Math.floor(key / 8) !== group) break
        return this.#next
      }
      at = this.#fieldAt(at, limit, depth + 1).end
    }
    throw new BrokenFile(`the field at byte ${start} has no end`)
  }

  #varint(at: number, limit: number): number {
    let [low, high] = [0, 0]
    for (let i = 0; i < longestVarint; i++) {
      if (at + i >= limit) throw this.#beyond(at, at + i + 1, limit)
      const byte = this.#byteAt(at + i)
      const bits = byte & 0x7f
      if (i < 4) low |= bits << (7 * i)
      else if (i === 4) {
        low |= bits << 28
        high |= bits >> 4
      } else high |= bits << (7 * i - 32)
      if (byte < 0x80) {
        this.#next = at + i + 1
        return high * 2 ** 32 + (low >>> 0)
      }
    }
    throw new BrokenFile(`the number at byte ${at} has no end`)
  }

  /** A field of the file itself that ends behind it means that the file is cut off. */
  #beyond(at: number, end: number, limit: number): Error {
    if (limit === this.size && end > limit && end < 2 ** 53) return new CutOff(end)
    return new BrokenFile(`the field at byte ${at} ends behind the message that it is part of`)
  }

  #byteAt(position: number): number {
    const at = position - this.#blockStart
    if (at >= 0 && at < this.#block.length) return this.#block[at]!
    this.#readBlock(position)
    if (this.#block.length === 0) throw new CutOff(position + 1)
    return this.#block[0]!
  }

  #readBlock(start: number): void {
    this.#block = this.#source.read(start, Math.min(start + blockBytes, this.size))
    this.#blockStart = start
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What is no UTF-8 is taken byte by byte: names of old programs may be in any encoding. */
function decodeUtf8(bytes: Uint8Array): string {
  let text = ''
  // In parts, as a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  if (!/[\u0080-\u00ff]/.test(text)) return text
  try {
    return decodeURIComponent(
      text.replace(/[%\u0080-\u00ff]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
  } catch {
    return text
  }
}
