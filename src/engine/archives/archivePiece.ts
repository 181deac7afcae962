/** @file What a piece of the listing of an archive holds: compact arrays that cross to the page without a copy. */

/** Where the next piece begins, where the listing ends, and how many bytes of the file come before the archive. */
export type ArchiveCursor = Readonly<Record<'at' | 'end' | 'before', number>>

export interface ArchiveLink {
  readonly path: string
  readonly kind: 'hard' | 'symbolic'
  /** A path from the top of the archive if the link is `hard`, from the link's own directory if it is `symbolic`. */
  readonly target: string
  /** The number of files in the piece that come before the link. */
  readonly before: number
}

export interface LeftOut {
  readonly path: string
  /** Says what it is instead of a file. */
  readonly why: string
}

/** The arrays have one row for each file; links and what is left out have lists of their own. */
export interface ArchivePiece {
  readonly method: 'stored' | 'zip'
  /** Paths with `/`, joined by NUL; directories are left out. */
  readonly paths: string
  /** Byte offsets in the file: of the content (tar) or of the entry's local header (zip). */
  readonly offsets: Float64Array
  /** The sizes in bytes in the archive, and unpacked. */
  readonly packed: Float64Array
  readonly bytes: Float64Array
  /** Zip's compression methods; empty for tar. */
  readonly compression: Uint16Array
  /** Other names of files in a tar; the files may lie anywhere in the archive. */
  readonly links: readonly ArchiveLink[]
  /** Files that cannot be read out of the archive. */
  readonly leftOut: readonly LeftOut[]
  /** Is null after the last piece. */
  readonly next: ArchiveCursor | null
}
