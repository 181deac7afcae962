/**
 * @file Notes now and then how far the scan under way has come, so that it can go on after the page was closed, has
 * crashed or was reloaded. Never in the way of the scan: what goes wrong is told once, and the scan goes on.
 */
import type { ImageMask } from '../core/scan/imageMask.ts'
import type { LayerResult } from '../core/scan/layerResult.ts'
import type { CheckpointHead } from './checkpointStore.ts'
import { digestModel, digestTable } from './digests.ts'
import type { GalleryClient } from './galleryClient.ts'
import type { ImageSet } from './imageSet.ts'
import type { OpenModel } from './model.ts'
import { claimedScans, claimScan, releaseScan } from './tabLocks.ts'
import { onHidden } from './visibility.ts'

/** Loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('./checkpointStore.ts')> => import('./checkpointStore.ts')

export interface CheckpointOptions extends Pick<
  CheckpointHead,
  'preprocessing' | 'k' | 'selection' | 'total'
> {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly names: readonly string[]
  /** In step with `names`. */
  readonly results: readonly LayerResult[]
  /** What has been through; the scan goes by it. */
  readonly mask: ImageMask
  readonly skipped: () => ReadonlyMap<number, string>
  /** Does something between two reports. */
  readonly between: (task: () => Promise<void>) => Promise<void>
  /** Other scans are not offered any more, because this one has begun. */
  readonly onForgotten: (ids: readonly string[]) => void
  /** Once: it cannot be noted how far the scan is. */
  readonly onFailure: (error: unknown) => void
}

/** Milliseconds between two checkpoints, at least; and at most this part of the page's time goes into them. */
const leastPause = 3000
const mostShare = 0.02
/** Of the page's time, while a scan keeps all cores: what the first one will take is told by the size of the results. */
const bytesPerMs = 1e5

const mostKept = 5
const daysKept = 30
const sizesKept = 200

/** Of one tab. */
export class ScanCheckpoints {
  readonly #gallery: GalleryClient
  /** Scans by what they go by: one that was stopped and goes on is the same scan. */
  readonly #ids = new WeakMap<ImageMask, string>()
  #current: ScanCheckpoint | null = null
  #leaving: Promise<void> = Promise.resolve()

  constructor(gallery: GalleryClient) {
    this.#gallery = gallery
  }

  /** Of a scan that begins or goes on, in the place of the one before. */
  begin(options: CheckpointOptions): ScanCheckpoint {
    const id = this.#ids.get(options.mask) ?? newId()
    this.#ids.set(options.mask, id)
    if (this.#current?.id !== id) this.leave()
    this.#current?.close()
    this.#current = new ScanCheckpoint(id, options, this.#gallery, () => this.#ids.delete(options.mask))
    return this.#current
  }

  /** A scan that was found in the database goes on by this mask. */
  adopt(id: string, mask: ImageMask): void {
    this.#ids.set(mask, id)
  }

  /** The scan is no longer on the page: other tabs, and later visits, may go on with it. */
  leave(): void {
    const left = this.#current
    this.#current = null
    left?.close()
    if (left) this.#leaving = releaseScan(left.id)
  }

  /** What was left is there for others by now. */
  get left(): Promise<void> {
    return this.#leaving
  }
}

export class ScanCheckpoint {
  readonly id: string
  readonly #options: CheckpointOptions
  readonly #gallery: GalleryClient
  readonly #onFinish: () => void
  readonly #stopListening: () => void
  /** What the scan is of; asked for when it is needed, as the digest of a large network takes a second of a core. */
  #identity: Promise<Pick<CheckpointHead, 'model'> & { readonly digest: string }> | null = null
  #last = performance.now()
  /** Milliseconds of the page that the last one took. */
  #busy: number | null = null
  #isFirst = true
  #isClosed = false

  constructor(id: string, options: CheckpointOptions, gallery: GalleryClient, onFinish: () => void) {
    this.id = id
    this.#options = options
    this.#gallery = gallery
    this.#onFinish = onFinish
    void claimScan(id).catch((error: unknown) => this.#fail(error))
    // As far as it goes: the browser may end the page before it is written.
    this.#stopListening = onHidden(() => void options.between(() => this.write()))
  }

  /** Between two reports. Never rejects, nor does `write`. */
  async writeIfDue(): Promise<void> {
    const since = performance.now() - this.#last
    if (since >= leastPause && since >= (this.#busy ?? this.#estimate()) / mostShare) await this.write()
  }

  #estimate(): number {
    return this.#options.results.reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerMs
  }

  async write(): Promise<void> {
    const { mask, skipped, results } = this.#options
    if (this.#isClosed || mask.count === 0) return
    try {
      const { writeCheckpoint, database } = await storage()
      // A private window may have no database. Nobody needs to hear of that.
      if (!(await database().catch(() => null))) return this.close()
      const head = await this.#head()
      if (this.#isClosed) return
      this.#busy = await writeCheckpoint(
        head,
        { mask: mask.snapshot(), skipped: [...skipped()] },
        results.map((result) => () => {
          // Another run goes on with the same results: the checkpoint before stays.
          if (this.#isClosed) throw new Error('the scan goes on')
          return result.snapshot()
        }),
      )
      if (this.#isFirst) this.#options.onForgotten(await forgetOthers(head))
      this.#isFirst = false
    } catch (error) {
      this.#fail(error)
    }
    this.#last = performance.now()
  }

  /** The scan is done: there is nothing to go on with. */
  async finish(): Promise<void> {
    this.close()
    this.#onFinish()
    try {
      const { deleteCheckpoint, listCheckpoints } = await storage()
      await deleteCheckpoint(this.id)
      if (this.#isFirst && (await listCheckpoints()).length > 0)
        this.#options.onForgotten(await forgetOthers(await this.#head()))
    } catch {
      // It is offered at a later visit, and found to be done.
    }
    await releaseScan(this.id)
  }

  /** Nothing is noted any more. */
  close(): void {
    this.#isClosed = true
    this.#stopListening()
  }

  async #identify(): Promise<Pick<CheckpointHead, 'model'> & { readonly digest: string }> {
    const { model, images } = this.#options
    const sha256 = await digestModel(model, this.#gallery.remote)
    const digest = await digestTable(images.table, this.#gallery.remote)
    return { model: { name: model.name, sha256, inputShape: model.network.inputShape }, digest }
  }

  async #head(): Promise<CheckpointHead> {
    const { images, mask, names, preprocessing, k, selection, total } = this.#options
    const { model, digest } = await (this.#identity ??= this.#identify())
    const { name, table } = images
    return {
      id: this.id,
      time: Date.now(),
      model,
      images: { name, count: table.paths.length, digest, sizes: sizesOf(images, mask) },
      preprocessing,
      k,
      selection,
      layers: names,
      done: mask.count,
      total,
    }
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return
    this.close()
    this.#options.onFailure(error)
  }
}

/** Of a few images that have been through, spread over all. */
function sizesOf({ table, sizes }: ImageSet, mask: ImageMask): [number, number][] {
  const known: [number, number][] = []
  const step = Math.ceil(table.paths.length / sizesKept)
  for (let image = 0; image < table.paths.length; image += step) {
    const bytes = mask.has(image) ? sizes.of(image) : null
    if (bytes !== null) known.push([image, bytes])
  }
  return known
}

/**
 * What this scan takes the place of, what is old, and what is too much; never what a living tab has. Returns what is
 * gone.
 */
async function forgetOthers({ id, model, images }: CheckpointHead): Promise<string[]> {
  const { listCheckpoints, deleteCheckpoint } = await storage()
  const claimed = await claimedScans()
  const oldest = Date.now() - daysKept * 24 * 3600e3
  const others = (await listCheckpoints()).filter((head) => head.id !== id && !claimed.has(head.id))
  const stale = others.filter(
    (head, rank) =>
      (head.model.sha256 === model.sha256 && head.images.digest === images.digest) ||
      head.time < oldest ||
      rank >= mostKept - 1,
  )
  for (const head of stale) await deleteCheckpoint(head.id)
  return stale.map((head) => head.id)
}

/** `crypto.randomUUID` is missing on plain http. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${Date.now().toString(36)}-${Array.from(random, (word) => word.toString(36)).join('')}`
}
