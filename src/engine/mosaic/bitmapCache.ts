/** @file Keeps decoded pictures and finished patches, the last used ones, within a fixed number of pixels. */

interface Entry {
  readonly bitmap: Promise<ImageBitmap>
  pixels: number
}

/**
 * Keeps the most recently used bitmaps, up to a number of pixels (4 bytes each). It owns them: a caller uses a bitmap
 * before its next `await`, and never closes it.
 */
export class BitmapCache {
  readonly #maxPixels: number
  readonly #entries = new Map<string, Entry>()
  #pixels = 0

  constructor(maxPixels: number) {
    this.#maxPixels = maxPixels
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /** Does not keep a failure: the next call tries again. */
  get(key: string, make: () => Promise<ImageBitmap>): Promise<ImageBitmap> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.bitmap
    }
    const entry: Entry = { bitmap: make(), pixels: 0 }
    this.#entries.set(key, entry)
    entry.bitmap.then(
      (bitmap) => {
        // The cache may have been cleared meanwhile.
        if (this.#entries.get(key) !== entry) return bitmap.close()
        entry.pixels = bitmap.width * bitmap.height
        this.#pixels += entry.pixels
        this.#evict(key)
      },
      () => {
        // The cache may have been cleared meanwhile, and the key may stand for another bitmap.
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
      },
    )
    return entry.bitmap
  }

  clear(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry)
  }

  #evict(newest: string): void {
    for (const [key, entry] of this.#entries) {
      if (this.#pixels <= this.#maxPixels) return
      if (key !== newest && entry.pixels > 0) this.#drop(key, entry)
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#pixels -= entry.pixels
    if (entry.pixels > 0) void entry.bitmap.then((bitmap) => bitmap.close())
  }
}
