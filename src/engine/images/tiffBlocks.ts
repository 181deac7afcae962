/**
 * @file Unpacks the strips and tiles of TIFFs for geotiff, and like libtiff no further than they have pixels. geotiff's own decoders make
 * lists of all that a file unpacks to, which ends the page beyond a hundred million bytes; its LZW follows a damaged code without end, and
 * writes to the console.
 */
import { addDecoder, BaseDecoder, type ImageFileDirectory } from 'geotiff'
import { Inflate } from 'pako'

type Bytes = Uint8Array<ArrayBuffer>

/** Returns at most so many bytes. Throws if the data are damaged. */
type Unpack = (packed: Bytes, most: number) => Bytes

type Parameters = ConstructorParameters<typeof BaseDecoder>[0] & { readonly most: number }

/** To be called before a picture is read. */
export function useBoundedDecoders(): void {
  addUnpack([5], unpackLzw)
  addUnpack([8, 32946], unpackDeflate)
  addUnpack([32773], unpackBits)
}

/** `compressions`: their numbers in TIFF. */
function addUnpack(compressions: number[], unpack: Unpack): void {
  class Decoder extends BaseDecoder {
    override decodeBlock(packed: ArrayBuffer): ArrayBuffer {
      return unpack(new Uint8Array(packed), (this.parameters as Parameters).most).buffer
    }
  }
  addDecoder(compressions, () => Promise.resolve(Decoder), parametersOf)
}

/** A tile may be larger than its picture, but not without end. */
const largestTile = 2 ** 28

async function parametersOf(directory: ImageFileDirectory): Promise<Parameters> {
  const number = async (tag: number, missing: number): Promise<number> =>
    Number((await directory.loadValue(tag)) ?? missing)
  const [width, height] = [await number(256, 0), await number(257, 0)]
  const isTiled = directory.hasTag(322)
  const tileWidth = isTiled ? await number(322, 0) : width
  // The rows of a strip; by default, all are in one.
  const tileHeight = isTiled ? await number(323, 0) : await number(278, height)
  const planarConfiguration = await number(284, 1)
  const bitsPerSample = listOf(await directory.loadValue(258))
  const samples = planarConfiguration === 2 ? 1 : Math.max(await number(277, 1), bitsPerSample.length)
  const rows = isTiled ? tileHeight : Math.min(tileHeight, height)
  const bytes = rows * Math.ceil((tileWidth * samples * bitsPerSample[0]!) / 8)
  return {
    tileWidth,
    tileHeight,
    planarConfiguration,
    bitsPerSample,
    predictor: await number(317, 1),
    most: isTiled ? Math.min(bytes, largestTile) : bytes,
  }
}

/** One number is no list in geotiff's tags. */
export function listOf(value: unknown): number[] {
  return typeof value === 'number' ? [value] : Array.from((value ?? []) as ArrayLike<number>, Number)
}

function unpackDeflate(packed: Bytes, most: number): Bytes {
  const room = new Room(most)
  const inflate = new Inflate()
  inflate.onData = (chunk) => {
    room.add(chunk as Bytes)
    // The rest is not unpacked: nothing else can stop it.
    if (room.isFull) throw new Full()
  }
  try {
    inflate.push(packed, true)
  } catch (error) {
    if (!(error instanceof Full)) throw error
    return room.bytes
  }
  if (inflate.err) throw new Error(inflate.msg)
  return room.bytes
}

class Full extends Error {}

/** Runs of one byte, and bytes as they are (TIFF 6.0, section 9). */
function unpackBits(packed: Bytes, most: number): Bytes {
  const room = new Room(most)
  for (let at = 0; at < packed.length && !room.isFull;) {
    const count = (packed[at++]! << 24) >> 24
    if (count >= 0) room.add(packed.subarray(at, (at += count + 1)))
    // 128 says nothing.
    else if (count > -128) room.add(new Uint8Array(1 - count).fill(packed[at++] ?? 0))
  }
  return room.bytes
}

const [clear, end, firstEntry] = [256, 257, 258]
const mostEntries = 4096

/** TIFF 6.0, section 13. */
function unpackLzw(packed: Bytes, most: number): Bytes {
  const room = new Room(most)
  // An entry is the one before it and a byte more.
  const before = new Uint16Array(mostEntries)
  const last = Uint8Array.from({ length: mostEntries }, (_, i) => i)
  const lengths = new Uint16Array(mostEntries).fill(1, 0, clear)
  const entry = (code: number): Bytes => {
    const bytes = new Uint8Array(lengths[code]!)
    for (let i = bytes.length - 1, at = code; i >= 0; i--, at = before[at]!) bytes[i] = last[at]!
    return bytes
  }
  let [next, bits, latest] = [firstEntry, 9, -1]
  for (let bit = 0; bit + bits <= 8 * packed.length && !room.isFull;) {
    const code = bitsAt(packed, bit, bits)
    bit += bits
    if (code === end) break
    if (code === clear) [next, bits, latest] = [firstEntry, 9, -1]
    else if (latest < 0) {
      if (code > clear) throw new Error('the first code of a row has no meaning')
      room.add(entry(code))
      latest = code
    } else {
      if (code > next || code >= mostEntries) throw new Error('a code has no meaning yet')
      if (next < mostEntries) {
        before[next] = latest
        lengths[next] = lengths[latest]! + 1
        // The entry that is just being made begins with the byte that it ends with.
        last[next] = entry(code === next ? latest : code)[0]!
        next++
      }
      room.add(entry(code))
      latest = code
      if (next + 1 >= 2 ** bits && bits < 12) bits++
    }
  }
  return room.bytes
}

/** The highest bit of a byte comes first; up to 16 bits. */
function bitsAt(bytes: Bytes, bit: number, count: number): number {
  const at = bit >> 3
  const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
  return (three >> (24 - (bit & 7) - count)) & ((1 << count) - 1)
}

/** Bytes that come one after the other, up to a number. */
class Room {
  readonly #most: number
  #bytes: Bytes
  #length = 0

  constructor(most: number) {
    this.#most = most
    this.#bytes = new Uint8Array(Math.min(most, 2 ** 16))
  }

  get isFull(): boolean {
    return this.#length === this.#most
  }

  /** A copy of its own. */
  get bytes(): Bytes {
    return this.#bytes.slice(0, this.#length)
  }

  /** What is beyond the number is left out. */
  add(bytes: Bytes): void {
    const taken = Math.min(bytes.length, this.#most - this.#length)
    if (this.#length + taken > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#most, 2 * (this.#length + taken)))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(taken < bytes.length ? bytes.subarray(0, taken) : bytes, this.#length)
    this.#length += taken
  }
}
