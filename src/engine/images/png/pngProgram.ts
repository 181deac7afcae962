/** @file The program that decodes plain PNGs, and its memory. */
import { writeProgram } from '../../backend/kernels/writer/program.ts'
import { adler32, crc32, crcTables } from './checksumProgram.ts'
import { tableSizes } from './huffman.ts'
import { inflateBlock } from './inflateProgram.ts'
import { type PixelKind, pixelKinds, unfilter } from './unfilterProgram.ts'

type Unfilter = (rows: number, end: number, width: number, rgba: number, unknown: number) => void

/** Its functions take addresses; see where each is written. */
export interface PngProgram extends Readonly<Record<PixelKind, Unfilter>> {
  inflateBlock(
    state: number,
    source: number,
    bits: number,
    start: number,
    end: number,
    symbols: number,
    distances: number,
  ): void
  crc32(from: number, end: number, tables: number, result: number): void
  adler32(from: number, end: number, result: number): void
}

const state = 0
const crc = 64
const symbols = crc + 4 * 8 * 256
const distances = symbols + 4 * tableSizes.symbols

/** The addresses of what always has its place; `free` is what the pictures have. */
export const addresses = {
  state,
  /** The results of checksums, 16 bytes. */
  result: 16,
  /** A byte that is set if a filter is unknown. */
  unknown: 32,
  crc,
  symbols,
  distances,
  free: distances + 4 * tableSizes.distances,
} as const

const page = 2 ** 16

export class PngMachine {
  readonly program: PngProgram
  readonly #memory: WebAssembly.Memory
  bytes: Uint8Array<ArrayBuffer>
  words: Uint32Array<ArrayBuffer>

  private constructor(code: Uint8Array<ArrayBuffer>) {
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(addresses.free / page) })
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: this.#memory } })
    this.program = instance.exports as unknown as PngProgram
    this.bytes = new Uint8Array(this.#memory.buffer)
    this.words = new Uint32Array(this.#memory.buffer)
    this.words.set(crcTables(), addresses.crc / 4)
  }

  /** Is null in a browser without SIMD. */
  static start(): PngMachine | null {
    const code = writeProgram({
      inflateBlock,
      crc32,
      adler32,
      ...Object.fromEntries(
        Object.entries(pixelKinds).map(([kind, pixel]) => [kind, (f) => unfilter(f, pixel)]),
      ),
    })
    return WebAssembly.validate(code) ? new PngMachine(code) : null
  }

  /** Makes the memory so many bytes long at least; it never shrinks. Returns whether there is as much. */
  reserve(bytes: number): boolean {
    if (bytes <= this.bytes.length) return true
    try {
      this.#memory.grow(Math.ceil((bytes - this.bytes.length) / page))
    } catch {
      return false
    }
    this.bytes = new Uint8Array(this.#memory.buffer)
    this.words = new Uint32Array(this.#memory.buffer)
    return true
  }

  crc32(from: number, end: number): number {
    this.program.crc32(from, end, addresses.crc, addresses.result)
    return this.words[addresses.result / 4]!
  }

  adler32(from: number, end: number): number {
    this.program.adler32(from, end, addresses.result)
    return this.words[addresses.result / 4]!
  }
}
