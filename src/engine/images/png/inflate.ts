/**
 * @file Inflates zlib's format (RFC 1950 and 1951) in the memory of the program, if the size of the result is known. A
 * picture of the exercise, 28 kB of pixels, takes 0.10 ms; pako takes 0.30 ms, fflate 0.33 ms, and `DecompressionStream`
 * 1.3 ms. In a scan, which takes a worker 5.9 ms an image, the fastest of them would cost 3.4 %.
 */
import { distances, fillTable, lengthCodes, primaryBits, symbols, tableSizes, entries } from './huffman.ts'
import { stateOf } from './inflateProgram.ts'
import { addresses, type PngMachine } from './pngProgram.ts'

/** The order in which the lengths of the lengths' codes are stored. */
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const
const lengthBits = 7

/** Reads the few bits before a block. */
class BitReader {
  readonly #bytes: Uint8Array
  readonly #source: number
  bit: number

  constructor(bytes: Uint8Array, source: number, bit: number) {
    this.#bytes = bytes
    this.#source = source
    this.bit = bit
  }

  /** The next bits, 16 at most, without taking them. */
  peek(count: number): number {
    const at = this.#source + (this.bit >> 3)
    const bits = this.#bytes[at]! | (this.#bytes[at + 1]! << 8) | (this.#bytes[at + 2]! << 16)
    return (bits >>> (this.bit & 7)) & ((1 << count) - 1)
  }

  take(count: number): number {
    const bits = this.peek(count)
    this.bit += count
    return bits
  }
}

/**
 * Returns whether the bytes from `source` to `end` are a whole stream that gives exactly the bytes from `target` to
 * `targetEnd`, with the right checksum. Some bytes behind both are read and written, as `inflateBlock` says.
 */
export function inflate(
  machine: PngMachine,
  source: number,
  end: number,
  target: number,
  targetEnd: number,
): boolean {
  const { bytes, words, program } = machine
  const [method = 0, flags = 0] = [bytes[source], bytes[source + 1]]
  const hasDictionary = (flags & 32) !== 0
  if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0 || hasDictionary)
    return false
  const reader = new BitReader(bytes, source, 16)
  const bits = (end - source) * 8
  let out = target
  for (let isLast = false; !isLast;) {
    // A block whose head is cut off is read from what lies behind, which is noticed afterwards.
    isLast = reader.take(1) === 1
    const kind = reader.take(2)
    if (kind === 0) {
      const from = source + ((reader.bit + 7) >> 3)
      const length = bytes[from]! | (bytes[from + 1]! << 8)
      const check = bytes[from + 2]! | (bytes[from + 3]! << 8)
      if (length !== (check ^ 0xffff) || from + 4 + length > end || out + length > targetEnd) return false
      bytes.copyWithin(out, from + 4, from + 4 + length)
      out += length
      reader.bit = (from + 4 + length - source) * 8
    } else {
      if (kind === 3 || !(kind === 1 ? fixedTables(words) : ownTables(words, reader))) return false
      words[(addresses.state + stateOf.bit) / 4] = reader.bit
      words[(addresses.state + stateOf.out) / 4] = out
      words[(addresses.state + stateOf.hasEnded) / 4] = 0
      program.inflateBlock(
        addresses.state,
        source,
        bits,
        target,
        targetEnd,
        addresses.symbols,
        addresses.distances,
      )
      reader.bit = words[(addresses.state + stateOf.bit) / 4]!
      out = words[(addresses.state + stateOf.out) / 4]!
      if (words[(addresses.state + stateOf.hasEnded) / 4] === 0) return false
    }
    if (reader.bit > bits || out > targetEnd) return false
  }
  const at = source + ((reader.bit + 7) >> 3)
  if (out !== targetEnd || at + 4 !== end) return false
  const sum = new DataView(bytes.buffer).getUint32(at)
  return sum === machine.adler32(target, targetEnd)
}

function fixedTables(words: Uint32Array): boolean {
  const lengths = new Uint8Array(288).fill(8)
  lengths.fill(9, 144, 256)
  lengths.fill(7, 256, 280)
  return fillTables(words, lengths, new Uint8Array(32).fill(5))
}

/** The tables of a block that has codes of its own (RFC 1951, section 3.2.7). */
function ownTables(words: Uint32Array, reader: BitReader): boolean {
  const symbolCount = reader.take(5) + 257
  const distanceCount = reader.take(5) + 1
  const lengthCount = reader.take(4) + 4
  if (symbolCount > 286 || distanceCount > 30) return false
  const ofLengths = new Uint8Array(19)
  for (let i = 0; i < lengthCount; i++) ofLengths[orderOfLengths[i]!] = reader.take(3)
  const table = new Uint32Array(1 << lengthBits)
  if (!fillTable(table, ofLengths, lengthCodes, lengthBits)) return false
  const lengths = new Uint8Array(symbolCount + distanceCount)
  for (let i = 0; i < lengths.length;) {
    const entry = table[reader.peek(lengthBits)]!
    if (entry & entries.special) return false
    reader.take(entry & 63)
    const symbol = entry >>> entries.payload
    if (symbol < 16) {
      lengths[i++] = symbol
      continue
    }
    if (symbol === 16 && i === 0) return false
    const [value, times] =
      symbol === 16
        ? [lengths[i - 1]!, 3 + reader.take(2)]
        : [0, symbol === 17 ? 3 + reader.take(3) : 11 + reader.take(7)]
    if (i + times > lengths.length) return false
    lengths.fill(value, i, (i += times))
  }
  // Without an end the block cannot end.
  if (lengths[256] === 0) return false
  return fillTables(words, lengths.subarray(0, symbolCount), lengths.subarray(symbolCount))
}

function fillTables(words: Uint32Array, ofSymbols: Uint8Array, ofDistances: Uint8Array): boolean {
  const tableAt = (address: number, size: number): Uint32Array =>
    words.subarray(address / 4, address / 4 + size)
  return (
    fillTable(tableAt(addresses.symbols, tableSizes.symbols), ofSymbols, symbols, primaryBits.symbols) &&
    fillTable(
      tableAt(addresses.distances, tableSizes.distances),
      ofDistances,
      distances,
      primaryBits.distances,
    )
  )
}
