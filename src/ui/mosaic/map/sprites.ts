/**
 * @file The pictures of the marks on a map: the best patch of each channel, of which hundreds are drawn into one bitmap, and whole
 * mosaics from the cache of mosaics for marks that are large enough.
 */
import type { MosaicLayout } from '../../../core/mosaic/layout.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import type { AppState, Services } from '../../../state/appState.ts'
import { patchesOf } from '../../../state/mosaic/patches.ts'
import { patchSources } from '../../../state/selectors/patchSources.ts'
import { deviceLayout } from '../MosaicTile.tsx'
import { patchRenderer } from '../patchRenderer.ts'

/** A square of a bitmap. */
export interface Sprite {
  readonly bitmap: ImageBitmap
  readonly x: number
  readonly y: number
  readonly side: number
}

/** The channels whose best patches are drawn together, and the size of such a patch in device pixels. */
const perSheet = 128
const patchSide = 32

/** The sizes of mosaics in CSS pixels: the smallest one that is large enough is drawn. */
const extents = [60, 140] as const
/** How many mosaics are asked for at a time. */
const atOnce = 4

interface Sheet {
  bitmap: ImageBitmap | null
  /** The place of a channel in it; a channel without patches has none. */
  readonly slots: ReadonlyMap<number, number>
  readonly layout: MosaicLayout
}

export class Sprites {
  readonly #services: Services
  readonly #getState: () => AppState
  readonly #layer: string
  readonly #result: ReadableResult
  readonly #onNews: () => void
  readonly #sheets = new Map<number, Sheet>()
  /** The mosaics that the last drawing lacked, by key. */
  #wanted = new Map<string, () => Promise<boolean>>()
  readonly #asked = new Set<string>()
  /** Those that cannot be drawn. */
  readonly #failed = new Set<string>()
  #isClosed = false

  /** `onNews` is called when there is more to be drawn. */
  constructor(
    { services, getState }: { services: Services; getState: () => AppState },
    layer: string,
    result: ReadableResult,
    onNews: () => void,
  ) {
    this.#services = services
    this.#getState = getState
    this.#layer = layer
    this.#result = result
    this.#onNews = onNews
  }

  /** The best patch of a channel, once it is there; null for none, or none yet. */
  patch(channel: number): Sprite | null {
    const number = Math.floor(channel / perSheet)
    let sheet = this.#sheets.get(number)
    if (!sheet) this.#sheets.set(number, (sheet = this.#sheet(number)))
    const slot = sheet.slots.get(channel)
    if (!sheet.bitmap || slot === undefined) return null
    const { side, patch } = sheet.layout
    return { bitmap: sheet.bitmap, x: (slot % side) * patch, y: Math.floor(slot / side) * patch, side: patch }
  }

  /** The mosaic of a channel, at least so many CSS pixels wide if there is one; in its place the best patch until it is there. */
  mosaic(channel: number, extent: number): Sprite | null {
    const { k, toEdge } = this.#getState()
    const layout = deviceLayout(k, extents.find((one) => one >= extent) ?? extents[1])
    // Tiles and small mosaics of the same size share it.
    const key = `${this.#layer}/${channel}/${k}/${layout.patch}${toEdge ? '/edge' : ''}`
    const cached = this.#services.mosaics.peek(key)
    if (!cached && !this.#failed.has(key)) this.#want(key, channel, layout)
    return cached ? { bitmap: cached.bitmap, x: 0, y: 0, side: cached.bitmap.width } : this.patch(channel)
  }

  /** To be called before all marks are drawn again. */
  begin(): void {
    this.#wanted = new Map()
  }

  /** To be called when all are drawn: asks for what was missing. */
  end(): void {
    for (const [key, ask] of this.#wanted) {
      if (this.#isClosed || this.#asked.size >= atOnce) return
      if (this.#asked.has(key)) continue
      this.#asked.add(key)
      this.#wanted.delete(key)
      void this.#get(key, ask)
    }
  }

  async #get(key: string, ask: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await ask())) this.#failed.add(key)
    } catch (error) {
      this.#failed.add(key)
      if (!this.#isClosed) this.#getState().report(error)
    }
    this.#asked.delete(key)
    if (this.#isClosed) return
    this.#onNews()
    this.end()
  }

  close(): void {
    this.#isClosed = true
    for (const sheet of this.#sheets.values()) sheet.bitmap?.close()
    this.#sheets.clear()
  }

  #want(key: string, channel: number, layout: MosaicLayout): void {
    this.#wanted.set(key, () => {
      const state = this.#getState()
      const patches = patchesOf(state.model, this.#layer, this.#result, channel, state.k)
      const render = patchRenderer(
        this.#services,
        patches,
        patchSources(this.#getState(), this.#layer)!,
        layout,
      )
      const version = this.#result.versions[channel]!
      return this.#services.mosaics.refresh(key, version, render, () => !this.#isClosed)
    })
  }

  /** Begins to draw a sheet. */
  #sheet(number: number): Sheet {
    const { model } = this.#getState()
    const end = Math.min(this.#result.channels, (number + 1) * perSheet)
    const slots = new Map<number, number>()
    const patches = Array.from({ length: end - number * perSheet }, (_, i) => number * perSheet + i).flatMap(
      (channel) => {
        const best = patchesOf(model, this.#layer, this.#result, channel, 1)
        if (best.length > 0) slots.set(channel, slots.size)
        return best
      },
    )
    const layout = { side: Math.ceil(Math.sqrt(perSheet)), patch: patchSide, gap: 0 }
    const sheet: Sheet = { bitmap: null, slots, layout }
    const take = (bitmap: ImageBitmap | null): boolean => {
      if (this.#isClosed) bitmap?.close()
      if (this.#isClosed || !bitmap) return false
      sheet.bitmap?.close()
      sheet.bitmap = bitmap
      this.#onNews()
      return true
    }
    patchRenderer(
      this.#services,
      patches,
      patchSources(this.#getState(), this.#layer)!,
      layout,
    )(take).then(take, (error: unknown) => {
      if (!this.#isClosed) this.#getState().report(error)
    })
    return sheet
  }
}
