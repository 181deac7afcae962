/** @file Where images come from: a source lists paths, and opens the one that is asked for. */
import type { LeftOut } from '../../engine/archives/archivePiece.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'

/** A source holds no File for each image: a million of them would be too many. */
export interface ImageSource {
  readonly name: string
  /**
   * Yields relative paths with `/`, each once, in pieces as they are found; ends or throws when `signal` is aborted. A
   * source that knows its paths only in the end tells `onFound` how many it has found so far, and the latest one.
   */
  list(signal: AbortSignal, onFound?: OnFound): AsyncIterable<readonly string[]>
  /** Throws `images/unreadable` if the image has gone. */
  open(path: string): ImageHandle | Promise<ImageHandle>
  /** Lists the files that cannot be read; to be called after `list`. */
  leftOut?(): readonly LeftOut[]
}

export type OnFound = (count: number, latest: string) => void
