/**
 * @file Stores what the scans of this tab find: now and then while they run, so that they can go on after the page was
 * closed, has crashed or was reloaded, and once more when they have ended. It never gets in the way of the scan: an
 * error is reported once, and the scan goes on.
 */
import { codeOf } from '../../core/errors.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import type { CheckpointHead, NewHead, Written } from './checkpointStore.ts'
import { digestModel, digestTable } from './digests.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'
import type { ImageSet } from '../images/imageSet.ts'
import { askToPersist, bytesOf, isQuotaExceeded, roomForKept, surplusOf } from './keptSpace.ts'
import type { OpenModel } from '../model/openModel.ts'
import { originOf } from './origins.ts'
import { supersededBy } from './sameScan.ts'
import { claimedScans, claimScan, releaseScan } from './tabLocks.ts'
import { onHidden } from './visibility.ts'

/** It is loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('./checkpointStore.ts')> => import('./checkpointStore.ts')

export interface CheckpointOptions extends Pick<
  CheckpointHead,
  'preprocessing' | 'k' | 'selection' | 'total' | 'backend'
> {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly names: readonly string[]
  /** In the order of `names`. */
  readonly results: readonly LayerResult[]
  /** The images that have been scanned. It also stands for the scan: one that goes on keeps its mask. */
  readonly mask: ImageMask
  readonly skipped: () => ReadonlyMap<number, string>
  /** Runs a task between two reports. */
  readonly between: (task: () => Promise<void>) => Promise<void>
  /** These records were deleted, because this one has taken their place. */
  readonly onForgotten: (ids: readonly string[]) => void
  /** These records were deleted, because there is no room for all. */
  readonly onEvicted: (heads: readonly CheckpointHead[]) => void
  /** All that the scan has found is stored under this id. */
  readonly onKept: (id: string) => void
  /** Called once: nothing of this scan is stored from now on. `silent`: the user need not know, or has been told. */
  readonly onFailure: (error: unknown, silent: boolean) => void
}

/** The least milliseconds between two checkpoints, and the largest share of the page's time that goes into them. */
const leastPause = 3000
const mostShare = 0.02
/** By this rate the time of the first checkpoint is estimated, while a scan keeps all cores busy. */
const bytesPerMs = 1e5

const sizesKept = 200
/** For results that took longer than this the browser may ask the user whether it should keep them for good. */
const longScanMs = 60_000

/** The checkpoints of one tab. */
export class ScanCheckpoints {
  readonly #gallery: GalleryClient
  /** The ids of scans by their masks: one that was stopped and goes on is the same scan. */
  readonly #ids = new WeakMap<ImageMask, string>()
  /** What is on the page, by mask; null if it is not written to. */
  readonly #shown = new Map<ImageMask, ScanCheckpoint | null>()
  #leaving: Promise<unknown> = Promise.resolve()
  #isFailureTold = false

  constructor(gallery: GalleryClient) {
    this.#gallery = gallery
  }

  /** To be called when a scan begins or goes on. */
  begin(options: CheckpointOptions): ScanCheckpoint {
    const { mask, onFailure } = options
    const id = this.#ids.get(mask) ?? newId()
    this.#ids.set(mask, id)
    // The scan changes the results that the checkpoint before may still be writing.
    this.#shown.get(mask)?.close()
    const checkpoint = new ScanCheckpoint(id, this.#gallery, {
      ...options,
      onFailure: (error, silent) => {
        onFailure(error, silent || this.#isFailureTold)
        this.#isFailureTold ||= !silent
      },
    })
    this.#shown.set(mask, checkpoint)
    return checkpoint
  }

  /**
   * Results from the database are on the page, and go on with this mask. Resolves to false if another tab has them.
   */
  async adopt(id: string, mask: ImageMask): Promise<boolean> {
    if (!(await claimScan(id))) return false
    this.#ids.set(mask, id)
    this.#shown.set(mask, null)
    return true
  }

  /** Results that had left the page are on it again. */
  comeBack(masks: Iterable<ImageMask>): void {
    for (const mask of masks) {
      const id = this.#ids.get(mask)
      if (id !== undefined) void this.#leaving.then(() => this.adopt(id, mask))
    }
  }

  /** Results have left the page, by default all: other tabs and later visits may go on with them. */
  leave(masks: Iterable<ImageMask> = [...this.#shown.keys()]): void {
    const left = [...masks].map((mask) => [mask, this.#shown.get(mask)] as const)
    for (const [mask] of left) this.#shown.delete(mask)
    this.#leaving = Promise.all([
      this.#leaving,
      ...left.map(async ([mask, checkpoint]) => {
        await checkpoint?.ended
        // The results may be on the page again by now.
        const id = this.#ids.get(mask)
        if (id !== undefined && !this.#shown.has(mask)) await releaseScan(id)
      }),
    ])
  }

  /** Resolves when other tabs may have all that has left the page. */
  get left(): Promise<unknown> {
    return this.#leaving
  }
}

export class ScanCheckpoint {
  readonly id: string
  /** Resolves when nothing will be written any more. */
  readonly ended: Promise<void>
  readonly #options: CheckpointOptions
  readonly #gallery: GalleryClient
  readonly #onEnd: () => void
  readonly #stopListening: () => void
  /** Model and images. They are digested when needed, as a large network takes a second of a core. */
  #identity: Promise<Pick<CheckpointHead, 'model'> & { readonly digest: string }> | null = null
  readonly #begun = performance.now()
  #last = performance.now()
  /** Milliseconds of the page's time that the last checkpoint took. */
  #busy: number | null = null
  #isTidy = false
  #isClosed = false

  constructor(id: string, gallery: GalleryClient, options: CheckpointOptions) {
    this.id = id
    this.#options = options
    this.#gallery = gallery
    let onEnd!: () => void
    this.ended = new Promise((resolve) => (onEnd = resolve))
    this.#onEnd = onEnd
    void claimScan(id).catch((error: unknown) => this.#fail(error))
    // This may come too late: the browser may end the page before it is written.
    this.#stopListening = onHidden(() => void options.between(() => this.write()))
  }

  /** To be called between two reports. Like `write` and `end` it never rejects. */
  async writeIfDue(): Promise<void> {
    const since = performance.now() - this.#last
    if (since >= leastPause && since >= (this.#busy ?? this.#estimate()) / mostShare) await this.write()
  }

  #estimate(): number {
    return this.#options.results.reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerMs
  }

  async write(status: CheckpointHead['status'] = 'unfinished'): Promise<void> {
    if (this.#isClosed || this.#options.mask.count === 0) return
    try {
      // Some private windows have no database; the user is not told.
      if (!hasDatabase()) return this.#fail(new Error('it keeps nothing for this page'), true)
      const { head, busy } = await this.#store(await this.#head(status))
      this.#busy = busy
      this.#last = performance.now()
      if (!this.#isTidy || status !== 'unfinished') await this.#tidy(head)
      this.#isTidy = true
    } catch (error) {
      // The user was told at the start of the visit.
      this.#fail(error, codeOf(error) === 'kept/newer')
    }
  }

  /** The scan has ended, and its results stay. */
  async end(status: 'done' | 'stopped' | 'failed'): Promise<void> {
    await this.write(status === 'failed' ? 'unfinished' : status)
    if (!this.#isClosed && this.#options.mask.count > 0) {
      this.#options.onKept(this.id)
      if (performance.now() - this.#begun > longScanMs) void askToPersist()
    }
    this.close()
  }

  /** Ends writing. */
  close(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#onEnd()
  }

  /** If there is no room, the oldest records are deleted until there is. */
  async #store(head: NewHead): Promise<Written> {
    const { mask, skipped, results } = this.#options
    const { writeCheckpoint } = await storage()
    for (;;)
      try {
        return await writeCheckpoint(
          head,
          { mask: mask.snapshot(), skipped: [...skipped()] },
          results.map((result) => () => {
            // Another run goes on with the same results: the record stays as it was.
            if (this.#isClosed) throw new Error('the scan goes on')
            return result.snapshot()
          }),
        )
      } catch (error) {
        if (!isQuotaExceeded(error) || !(await this.#evict((others) => others.slice(-1)))) throw error
      }
  }

  /** Deletes records whose place this one has taken, and those for which there is no room any more. */
  async #tidy(head: CheckpointHead): Promise<void> {
    const { listCheckpoints, deleteCheckpoints } = await storage()
    const heads = await listCheckpoints()
    const claimed = await claimedScans()
    const forgotten = heads.filter((other) => !claimed.has(other.id) && supersededBy(other, head))
    const ids = forgotten.map(({ id }) => id)
    if (ids.length > 0) {
      await deleteCheckpoints(ids)
      this.#options.onForgotten(ids)
    }
    const room = await roomForKept(bytesOf(heads))
    await this.#evict((others, all) => surplusOf(all, room, (id) => !others.some((other) => other.id === id)))
  }

  /** `choose` gets the records that no tab has, and all; newest first. Resolves to whether any was deleted. */
  async #evict(
    choose: (others: readonly CheckpointHead[], all: readonly CheckpointHead[]) => readonly CheckpointHead[],
  ): Promise<boolean> {
    const { listCheckpoints, deleteCheckpoints } = await storage()
    const [all, claimed] = [await listCheckpoints(), await claimedScans()]
    const others = all.filter(({ id }) => id !== this.id && !claimed.has(id))
    const leaving = choose(others, all)
    if (leaving.length === 0) return false
    await deleteCheckpoints(leaving.map(({ id }) => id))
    this.#options.onEvicted(leaving)
    return true
  }

  async #identify(): Promise<Pick<CheckpointHead, 'model'> & { readonly digest: string }> {
    const { model, images } = this.#options
    const sha256 = await digestModel(model, this.#gallery.remote)
    const digest = await digestTable(images.table, this.#gallery.remote)
    const { name, network, source } = model
    return {
      model: { name, sha256, inputShape: network.inputShape, inputSize: source.inputSize },
      digest,
    }
  }

  async #head(status: CheckpointHead['status']): Promise<NewHead> {
    const { images, mask, names, preprocessing, k, selection, total, backend } = this.#options
    const { model, digest } = await (this.#identity ??= this.#identify())
    const { name, table } = images
    const origin = { model: originOf(this.#options.model.file), images: originOf(images.source) }
    return {
      id: this.id,
      time: Date.now(),
      status,
      backend,
      origin,
      model,
      images: {
        name,
        count: table.paths.length,
        digest,
        // Only images from handles are opened with it again, and it may hold a file.
        index: origin.images?.kind === 'handles' ? images.choice : 'auto',
        sizes: sizesOf(images, mask),
      },
      preprocessing,
      k,
      selection,
      layers: names,
      done: mask.count,
      total,
    }
  }

  #fail(error: unknown, silent = false): void {
    if (this.#isClosed) return
    this.close()
    this.#options.onFailure(error, silent)
  }
}

/** The sizes of a few scanned images, spread over all. */
function sizesOf({ table, sizes }: ImageSet, mask: ImageMask): [number, number][] {
  const known: [number, number][] = []
  const step = Math.ceil(table.paths.length / sizesKept)
  for (let image = 0; image < table.paths.length; image += step) {
    const bytes = mask.has(image) ? sizes.of(image) : null
    if (bytes !== null) known.push([image, bytes])
  }
  return known
}

function hasDatabase(): boolean {
  return (globalThis as { readonly indexedDB?: IDBFactory }).indexedDB !== undefined
}

/** `crypto.randomUUID` is missing on plain http. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${Date.now().toString(36)}-${Array.from(random, (word) => word.toString(36)).join('')}`
}
