/** @file Collects the rows of a piece of an archive's listing. */
import { withoutControls } from '../../core/paths.ts'
import type { ArchiveCursor, ArchiveLink, ArchivePiece, LeftOut } from './archivePiece.ts'

/** The number of files in a piece: the page takes in a piece within a frame. */
export const filesPerPiece = 4000

export class PieceBuilder {
  readonly #paths: string[] = []
  readonly #offsets: number[] = []
  readonly #packed: number[] = []
  readonly #bytes: number[] = []
  readonly #compression: number[] = []
  readonly #links: ArchiveLink[] = []
  readonly #leftOut: LeftOut[] = []

  get count(): number {
    return this.#paths.length + this.#links.length + this.#leftOut.length
  }

  add(path: string, offset: number, packed: number, bytes: number, compression?: number): void {
    this.#paths.push(fromTop(path))
    this.#offsets.push(offset)
    this.#packed.push(packed)
    this.#bytes.push(bytes)
    if (compression !== undefined) this.#compression.push(compression)
  }

  addLink(path: string, kind: ArchiveLink['kind'], target: string): void {
    const before = this.#paths.length
    this.#links.push({
      path: fromTop(path),
      kind,
      target: kind === 'hard' ? fromTop(target) : withoutControls(target),
      before,
    })
  }

  leaveOut(path: string, why: string): void {
    this.#leftOut.push({ path: fromTop(path), why })
  }

  build(method: ArchivePiece['method'], next: ArchiveCursor | null): ArchivePiece {
    return {
      method,
      paths: this.#paths.join('\0'),
      offsets: Float64Array.from(this.#offsets),
      packed: Float64Array.from(this.#packed),
      bytes: Float64Array.from(this.#bytes),
      compression: Uint16Array.from(this.#compression),
      links: this.#links,
      leftOut: this.#leftOut,
      next,
    }
  }
}

/** Drops `./` and `/` at the beginning, which stand for the folder itself. */
function fromTop(path: string): string {
  return withoutControls(path.replace(/^(\.?\/)+/, ''))
}
