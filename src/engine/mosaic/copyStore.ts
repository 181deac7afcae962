/** @file Keeps copies of large pictures, the last used ones, within a fixed number of bytes. */
import type { PictureCopy } from '../images/pictureCopy.ts'

export class CopyStore {
  readonly #maxBytes: number
  /** In the order of their last use, the oldest first. */
  readonly #copies = new Map<string, PictureCopy>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  has(key: string): boolean {
    return this.#copies.has(key)
  }

  get(key: string): PictureCopy | undefined {
    const copy = this.#copies.get(key)
    if (!copy) return undefined
    this.#copies.delete(key)
    this.#copies.set(key, copy)
    return copy
  }

  add(key: string, copy: PictureCopy): void {
    this.#drop(key)
    this.#copies.set(key, copy)
    this.#bytes += copy.file.size
    for (const old of this.#copies.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#drop(old)
    }
  }

  clear(): void {
    this.#copies.clear()
    this.#bytes = 0
  }

  get bytes(): number {
    return this.#bytes
  }

  #drop(key: string): void {
    this.#bytes -= this.#copies.get(key)?.file.size ?? 0
    this.#copies.delete(key)
  }
}
