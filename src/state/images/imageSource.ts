/** @file Where images come from: a source lists paths, and opens the one that is asked for. */
import type { LeftOut } from '../../engine/archives/archivePiece.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'

/** Holds no File for each image: a million of them would not do. */
export interface ImageSource {
  readonly name: string
  /**
   * Relative paths with `/`, each once, in pieces as they are found; ends or throws when `signal` is aborted. A source
   * that knows its paths only in the end tells `onFound` how many it has found so far, and where.
   */
  list(signal: AbortSignal, onFound?: OnFound): AsyncIterable<readonly string[]>
  /** Throws `images/unreadable` where it has gone. */
  open(path: string): ImageHandle | Promise<ImageHandle>
  /** Once it is listed: files that would be there if they could be read. */
  leftOut?(): readonly LeftOut[]
}

export type OnFound = (count: number, latest: string) => void
