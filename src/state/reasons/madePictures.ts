/**
 * @file Pictures that are made for channels: those that are known, those that are half made, and the spectra under which they are.
 * All that is between two short passes is kept here, so a picture that was given up goes on where it was, on any engine.
 */
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import { ObjectIds } from '../../core/objectIds.ts'
import { RecentlyUsed } from '../../core/recentlyUsed.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { AscentState } from '../../core/reasons/ascent.ts'
import type { AscentWay } from '../../core/reasons/ascentWays.ts'
import type { Spectrum } from '../../core/reasons/spectrum.ts'
import type { Pair } from '../../core/model/network.ts'
import type { Engine } from '../../engine/engine.ts'
import type {
  Outcome,
  ShownPicture,
  SynthesisPlace,
  SynthesisProgress,
} from '../../engine/reasons/synthesis.ts'
import type { Remote } from '../../rpc/remote.ts'

/** What a picture is made for, with all that it depends on. Objects count by their identity. */
export interface PictureTarget {
  readonly model: object
  readonly images: object
  readonly preprocessing: Preprocessing
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
  /** The number of the image, and its unit; a channel as a whole counts if the unit is null. */
  readonly image: number
  readonly unit: Pair | null
  readonly way: AscentWay
  /** Of several that are to differ from each other: how many come before it. */
  readonly nth: number
}

export interface MadePicture {
  readonly picture: ShownPicture
  /** What it began with, before its first step. */
  readonly beginning: ShownPicture
  readonly step: number
  readonly of: number
  /** Is there once it is finished. */
  readonly outcome: Outcome | null
}

/** The image files that are needed. */
export interface PictureFiles {
  image(number: number): Promise<ImageHandle>
  /** Those of whose spectrum pictures are made. */
  sample(): Promise<readonly ImageHandle[]>
}

/** Runs a task on an engine. */
export type Borrow = <T>(task: (engine: Remote<Engine>) => Promise<T>) => Promise<T>

interface Entry {
  readonly made: MadePicture
  /** What is needed to go on; null if it is finished. */
  readonly unfinished: { readonly place: SynthesisPlace; readonly state: AscentState } | null
  /** Where it came to: others are to differ from it. */
  readonly best: Float32Array
  readonly bytes: number
}

/** Bytes of all pictures with their coefficients: a hundred of 224×224, ten thousand of 20×20. */
const mostBytes = 100e6
/** Spectra of all sizes: at the borders of images patches have other sizes. */
const mostSpectra = 32
/** A call holds the engine for about so long. */
const callMs = { free: 100, busy: 40 } as const

export class MadePictures {
  readonly #borrow: Borrow
  readonly #isBusy: () => boolean
  readonly #ids = new ObjectIds()
  readonly #entries: RecentlyUsed<Entry>
  readonly #spectra = new Map<string, Promise<Spectrum>>()
  /** The model of the pictures that are kept. */
  #model: object | null = null

  /** `isBusy`: whether others wait for the engines. Tests set how much is kept. */
  constructor(borrow: Borrow, isBusy: () => boolean, bytes = mostBytes) {
    this.#borrow = borrow
    this.#isBusy = isBusy
    this.#entries = new RecentlyUsed(bytes, (entry) => entry.bytes)
  }

  /** The picture as far as it is made. */
  known(target: PictureTarget): MadePicture | null {
    return this.#entries.peek(this.#keyOf(target))?.made ?? null
  }

  /**
   * Makes a picture, and those before it from which it is to differ; or as much of it as there is time for until the signal is aborted:
   * then it resolves to null. `onProgress` gets it on the way. Rejects with `images/…` and what engines reject with.
   */
  async make(
    target: PictureTarget,
    files: PictureFiles,
    signal: AbortSignal,
    onProgress?: (made: MadePicture) => void,
  ): Promise<MadePicture | null> {
    if (this.#model !== target.model) this.#forget()
    this.#model = target.model
    const apart: Float32Array[] = []
    for (let nth = 0; nth < target.nth; nth++) {
      const before = { ...target, nth }
      if (!(await this.make(before, files, signal))) return null
      const entry = this.#entries.peek(this.#keyOf(before))
      // It was dropped for want of room: then there is none for this one.
      if (!entry) return null
      apart.push(entry.best)
    }
    const key = this.#keyOf(target)
    let entry = this.#entries.get(key)
    let steps = 2
    while (!entry?.made.outcome) {
      if (signal.aborted) return null
      const place: SynthesisPlace = entry?.unfinished?.place ?? (await this.#place(target, files))
      const spectrum = await this.#spectrum(target, place, files)
      if (signal.aborted) return null
      const { layer, channel, unit, way, preprocessing, nth } = target
      const request = { layer, channel, unit, way, preprocessing, place, spectrum, seed: nth + 1, apart }
      const begun = performance.now()
      const state = entry?.unfinished?.state ?? null
      // The first call shows what it begins with.
      const count = entry ? steps : 0
      const progress = await this.#borrow((engine) => engine.synthesize(request, state, count))
      const ms = performance.now() - begun
      if (count > 0) steps = nextSteps(count, ms, this.#isBusy() ? callMs.busy : callMs.free)
      entry = this.#keep(key, place, progress)
      onProgress?.(entry.made)
    }
    return entry.made
  }

  async #place(
    { image, preprocessing, layer, channel, unit }: PictureTarget,
    files: PictureFiles,
  ): Promise<SynthesisPlace> {
    const handle = await files.image(image)
    return this.#borrow((engine) => engine.synthesisPlace(handle, preprocessing, { layer, channel, unit }))
  }

  /** The spectrum for pictures of the size of the place. */
  #spectrum(
    { model, images, preprocessing }: PictureTarget,
    { box: [top, left, bottom, right] }: SynthesisPlace,
    files: PictureFiles,
  ): Promise<Spectrum> {
    const of = [model, images, preprocessing].map((one) => this.#ids.of(one)).join('/')
    const size: Pair = [bottom - top, right - left]
    const key = `${of}/${size.join('×')}`
    const known = this.#spectra.get(key)
    if (known) return known
    const found = files
      .sample()
      .then((handles) =>
        this.#borrow((engine) => engine.inputSpectrum({ key: of, handles, preprocessing }, size)),
      )
    this.#spectra.set(key, found)
    // What failed is tried again.
    found.catch(() => this.#spectra.delete(key))
    for (const oldest of this.#spectra.keys()) {
      if (this.#spectra.size <= mostSpectra) break
      this.#spectra.delete(oldest)
    }
    return found
  }

  #forget(): void {
    this.#entries.clear()
    this.#spectra.clear()
  }

  #keep(key: string, place: SynthesisPlace, { picture, step, of, outcome, state }: SynthesisProgress): Entry {
    const before = this.#entries.peek(key)
    const made = { picture, beginning: before?.made.beginning ?? picture, step, of, outcome }
    const { best } = state
    const unfinished = outcome ? null : { place, state }
    const bytes =
      2 * picture.data.byteLength +
      (unfinished ? 6 * best.byteLength + place.whole.byteLength : best.byteLength)
    const entry: Entry = { made, unfinished, best, bytes }
    this.#entries.set(key, entry)
    return entry
  }

  #keyOf(target: PictureTarget): string {
    const { model, images, preprocessing, layer, channel, image, unit, way, nth } = target
    const of = [model, images, preprocessing].map((one) => this.#ids.of(one))
    return [...of, layer, channel, image, unit?.join('×') ?? 'all', way, nth].join('/')
  }
}

/** So many steps that they take about as long as wanted; at most four times as many as before, as the first ones are slow. */
export function nextSteps(steps: number, ms: number, wanted: number): number {
  return Math.max(1, Math.min(4 * steps, Math.round((steps * wanted) / Math.max(1, ms))))
}
