/**
 * @file Finished mosaics by layer, channel and size, outside of the store: bitmaps are not state. A mosaic that has
 * become old is shown until the new one is there. The cache owns its bitmaps and closes what it drops.
 */

export interface CachedMosaic {
  readonly bitmap: ImageBitmap
  readonly version: number
}

/** The version of a mosaic that is not whole yet: no channel has it. */
const draftVersion = -1

/**
 * `onDraft` takes a part of the mosaic, and says whether more is wanted; it is missing if something better is shown.
 */
export type RenderMosaic = (onDraft?: (bitmap: ImageBitmap) => boolean) => Promise<ImageBitmap | null>

interface Slot {
  current: CachedMosaic | null
  /** Resolves when the rendering that is under way has ended; never rejects. */
  rendering: Promise<void> | null
}

/** Some screens full of tiles. */
const maxMosaics = 400

export class MosaicCache {
  readonly #slots = new Map<string, Slot>()

  /** The mosaic as it is now, old or new. Valid until the next `await`. */
  peek(key: string): CachedMosaic | null {
    return this.#slots.get(key)?.current ?? null
  }

  /**
   * Renders the mosaic unless this version is there; there are never two renderings of one mosaic at a time. After
   * waiting it asks `wanted`: a tile that has gone, or wants a newer version, renders nothing. `onDraft` is called
   * when a part of the mosaic can be shown. Resolves to whether there is something to draw.
   */
  async refresh(
    key: string,
    version: number,
    render: RenderMosaic,
    wanted: () => boolean,
    onDraft?: () => void,
  ): Promise<boolean> {
    let slot = this.#touch(key)
    while (slot.rendering) {
      await slot.rendering
      if (!wanted()) return false
      // The slot may have been dropped meanwhile.
      slot = this.#touch(key)
    }
    if (slot.current?.version === version) return true
    const own = slot
    const takeDraft = (bitmap: ImageBitmap): boolean => {
      if (this.#slots.get(key) !== own) {
        bitmap.close()
        return false
      }
      own.current?.bitmap.close()
      own.current = { bitmap, version: draftVersion }
      onDraft!()
      return wanted()
    }
    // An old mosaic is better than the half of a new one.
    const isEmpty = slot.current === null || slot.current.version === draftVersion
    const rendered = render(onDraft && isEmpty ? takeDraft : undefined)
    slot.rendering = rendered.then(nothing, nothing)
    try {
      const bitmap = await rendered
      if (!bitmap) return false
      if (this.#slots.get(key) !== slot) {
        bitmap.close()
        return false
      }
      slot.current?.bitmap.close()
      slot.current = { bitmap, version }
      return true
    } finally {
      slot.rendering = null
    }
  }

  clear(): void {
    for (const key of this.#slots.keys()) this.#drop(key)
  }

  /** Drops the mosaics of these layers: their keys begin with the name of the layer and `/`. */
  dropLayers(names: readonly string[]): void {
    for (const key of this.#slots.keys())
      if (names.some((name) => key.startsWith(`${name}/`))) this.#drop(key)
  }

  #touch(key: string): Slot {
    const slot = this.#slots.get(key) ?? { current: null, rendering: null }
    this.#slots.delete(key)
    this.#slots.set(key, slot)
    for (const old of this.#slots.keys()) {
      if (this.#slots.size <= maxMosaics) break
      this.#drop(old)
    }
    return slot
  }

  #drop(key: string): void {
    this.#slots.get(key)?.current?.bitmap.close()
    this.#slots.delete(key)
  }
}

function nothing(): void {}
