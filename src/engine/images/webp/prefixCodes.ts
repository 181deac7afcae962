/** @file Reads bits, prefix codes and the numbers that they stand for of a lossless WebP (RFC 9649, section 3). */

/** The stream has come to its end, or says what no encoder says. */
export class BrokenStream extends Error {}

/** Reads bits, the lowest of a byte first. */
export class BitReader {
  readonly #bytes: Uint8Array
  #at: number
  #held = 0
  #bits = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  /** Reads up to 24 bits. Throws `BrokenStream` behind the end. */
  read(count: number): number {
    this.#fill(count)
    const value = this.#held & ((1 << count) - 1)
    this.drop(count)
    return value
  }

  /** The next fifteen bits, zeros behind the end. */
  peek(): number {
    if (this.#bits < 15) this.#load()
    return this.#held & 0x7fff
  }

  drop(count: number): void {
    if (count > this.#bits) throw new BrokenStream()
    this.#held >>>= count
    this.#bits -= count
  }

  #fill(count: number): void {
    if (this.#bits < count) this.#load()
    if (this.#bits < count) throw new BrokenStream()
  }

  #load(): void {
    while (this.#bits <= 24 && this.#at < this.#bytes.length) {
      this.#held |= this.#bytes[this.#at++]! << this.#bits
      this.#bits += 8
    }
  }
}

const longest = 15

/** A prefix code as a table by the next bits: `length | symbol << 4`; codes longer than the table are looked up bit by bit. */
export class PrefixCode {
  readonly #table: Uint16Array
  /** Of codes that are longer than the table's bits: how many there are of each length, and their symbols in order. */
  readonly #counts = new Uint16Array(longest + 1)
  readonly #symbols: Uint16Array

  /** `lengths`: of each symbol's code, 0 if it has none. Throws `BrokenStream` if they are no complete code. */
  constructor(lengths: Uint8Array) {
    for (const length of lengths) if (length > 0) this.#counts[length]!++
    const used = this.#counts.reduce((sum, count) => sum + count, 0)
    const firsts = new Uint16Array(longest + 2)
    let left = 1
    for (let length = 1; length <= longest; length++) {
      left = left * 2 - this.#counts[length]!
      if (left < 0) throw new BrokenStream()
      firsts[length + 1] = firsts[length]! + this.#counts[length]!
    }
    // A code of one symbol takes no bits.
    if (used === 0 || (left > 0 && used > 1)) throw new BrokenStream()
    this.#symbols = new Uint16Array(used)
    for (const [symbol, length] of lengths.entries())
      if (length > 0) this.#symbols[firsts[length]!++] = symbol
    this.#table = used === 1 ? new Uint16Array(tableSize).fill(this.#symbols[0]! << 4) : this.#tabulate()
  }

  #tabulate(): Uint16Array {
    const table = new Uint16Array(tableSize)
    for (let length = 1, code = 0, at = 0; length <= tableBits; length++, code <<= 1)
      for (let i = 0; i < this.#counts[length]!; i++, code++, at++)
        for (let bits = reversed(code, length); bits < tableSize; bits += 1 << length)
          table[bits] = length | (this.#symbols[at]! << 4)
    return table
  }

  read(bits: BitReader): number {
    const next = bits.peek()
    const entry = this.#table[next & (tableSize - 1)]!
    if ((entry & 15) > 0 || this.#symbols.length === 1) {
      bits.drop(entry & 15)
      return entry >> 4
    }
    for (let length = 1, code = 0, first = 0, at = 0; length <= longest; length++) {
      code = (code << 1) | ((next >> (length - 1)) & 1)
      const count = this.#counts[length]!
      if (code - first < count) {
        bits.drop(length)
        return this.#symbols[at + code - first]!
      }
      first = (first + count) << 1
      at += count
    }
    throw new BrokenStream()
  }
}

const tableBits = 9
const tableSize = 1 << tableBits

function reversed(code: number, length: number): number {
  let bits = 0
  for (let i = 0; i < length; i++) bits |= ((code >> i) & 1) << (length - 1 - i)
  return bits
}

/** The order in which the lengths of the code are written that the lengths of codes are written in. */
const lengthOrder = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

/** Reads a prefix code of so many symbols. */
export function readPrefixCode(bits: BitReader, symbols: number): PrefixCode {
  return new PrefixCode(bits.read(1) ? simpleLengths(bits, symbols) : codedLengths(bits, symbols))
}

/** One or two symbols, which are written themselves. */
function simpleLengths(bits: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols)
  const isPair = bits.read(1) === 1
  const written = [bits.read(bits.read(1) ? 8 : 1)]
  if (isPair) written.push(bits.read(8))
  for (const symbol of written) {
    if (symbol >= symbols) throw new BrokenStream()
    lengths[symbol] = 1
  }
  return lengths
}

function codedLengths(bits: BitReader, symbols: number): Uint8Array {
  const ofLengths = new Uint8Array(lengthOrder.length)
  const written = bits.read(4) + 4
  for (let i = 0; i < written; i++) ofLengths[lengthOrder[i]!] = bits.read(3)
  const code = new PrefixCode(ofLengths)
  let left = bits.read(1) ? 2 + bits.read(2 + 2 * bits.read(3)) : symbols
  if (left > symbols) throw new BrokenStream()
  const lengths = new Uint8Array(symbols)
  for (let at = 0, latest = 8; at < symbols && left > 0; left--) {
    const length = code.read(bits)
    if (length < 16) {
      lengths[at++] = length
      if (length > 0) latest = length
      continue
    }
    const times = length === 16 ? 3 + bits.read(2) : length === 17 ? 3 + bits.read(3) : 11 + bits.read(7)
    if (at + times > symbols) throw new BrokenStream()
    lengths.fill(length === 16 ? latest : 0, at, at + times)
    at += times
  }
  return lengths
}

/** Reads a length or a distance: its prefix says how many bits follow. */
export function readNumber(bits: BitReader, prefix: number): number {
  if (prefix < 4) return prefix + 1
  const more = (prefix - 2) >> 1
  return ((2 + (prefix & 1)) << more) + bits.read(more) + 1
}
