/** @file Where images come from: a source lists paths, and opens the one that is asked for. */
import type { ImageHandle } from '../engine/images/imageHandle.ts'

/** Holds no File for each image: a million of them would not do. */
export interface ImageSource {
  readonly name: string
  /** Relative paths with `/`, in pieces as they are found; ends or throws when `signal` is aborted. */
  list(signal: AbortSignal): AsyncIterable<readonly string[]>
  /** Throws `images/unreadable` where it has gone. */
  open(path: string): ImageHandle | Promise<ImageHandle>
}
