/** @file Collects the rows of a piece of an archive's listing. */
import type { ArchiveCursor, ArchivePiece } from './listArchive.ts'

/** Files in a piece: the page takes one in within a frame. */
export const filesPerPiece = 4000

export class PieceBuilder {
  readonly #paths: string[] = []
  readonly #offsets: number[] = []
  readonly #packed: number[] = []
  readonly #bytes: number[] = []
  readonly #compression: number[] = []

  get count(): number {
    return this.#paths.length
  }

  add(path: string, offset: number, packed: number, bytes: number, compression?: number): void {
    // `./` and `/` at the beginning stand for the folder itself.
    this.#paths.push(path.replace(/^(\.?\/)+/, ''))
    this.#offsets.push(offset)
    this.#packed.push(packed)
    this.#bytes.push(bytes)
    if (compression !== undefined) this.#compression.push(compression)
  }

  build(method: ArchivePiece['method'], next: ArchiveCursor | null): ArchivePiece {
    return {
      method,
      paths: this.#paths.join('\0'),
      offsets: Float64Array.from(this.#offsets),
      packed: Float64Array.from(this.#packed),
      bytes: Float64Array.from(this.#bytes),
      compression: Uint16Array.from(this.#compression),
      next,
    }
  }
}
