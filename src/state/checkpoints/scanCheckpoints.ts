/**
 * @file Keeps what the scans of this tab find in the browser: now and then while they run, so that they can go on after
 * the page was closed, has crashed or was reloaded, and once more when they have ended. Never in the way of the scan:
 * what goes wrong is told once, and the scan goes on.
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

/** Loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('./checkpointStore.ts')> => import('./checkpointStore.ts')

export interface CheckpointOptions extends Pick<
  CheckpointHead,
  'preprocessing' | 'k' | 'selection' | 'total' | 'backend'
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
  /** These records are not there any more, because this one has taken their place. */
  readonly onForgotten: (ids: readonly string[]) => void
  /** These had to leave, because there is no room for all. */
  readonly onEvicted: (heads: readonly CheckpointHead[]) => void
  /** All that the scan has found is kept, by this number. */
  readonly onKept: (id: string) => void
  /** Once: nothing of this scan is kept from now on. `silent`: it is nobody's loss, or was told of another scan. */
  readonly onFailure: (error: unknown, silent: boolean) => void
}

/** Milliseconds between two checkpoints, at least; and at most this part of the page's time goes into them. */
const leastPause = 3000
const mostShare = 0.02
/** Of the page's time, while a scan keeps all cores: what the first one will take is told by the size of the results. */
const bytesPerMs = 1e5

const sizesKept = 200
/** What took longer than this is worth a question of the browser's whether it may stay for good. */
const longScanMs = 60_000

/** Of one tab. */
export class ScanCheckpoints {
  readonly #gallery: GalleryClient
  /** Scans by what they go by: one that was stopped and goes on is the same scan. */
  readonly #ids = new WeakMap<ImageMask, string>()
  /** What is on the page, by what it goes by. */
  readonly #shown = new Map<ImageMask, ScanCheckpoint | null>()
  #leaving: Promise<unknown> = Promise.resolve()
  #isFailureTold = false

  constructor(gallery: GalleryClient) {
    this.#gallery = gallery
  }

  /** Of a scan that begins or goes on, beside those that have ended. */
  begin(options: CheckpointOptions): ScanCheckpoint {
    const { mask, onFailure } = options
    const id = this.#ids.get(mask) ?? newId()
    this.#ids.set(mask, id)
    // It grows from now on what the one before may still be writing.
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

  /** What was found in the database is on the page, and goes on by this mask. False: another tab has it. */
  async adopt(id: string, mask: ImageMask): Promise<boolean> {
    if (!(await claimScan(id))) return false
    this.#ids.set(mask, id)
    this.#shown.set(mask, null)
    return true
  }

  /** What was left is on the page again. */
  comeBack(masks: Iterable<ImageMask>): void {
    for (const mask of masks) {
      const id = this.#ids.get(mask)
      if (id !== undefined) void this.#leaving.then(() => this.adopt(id, mask))
    }
  }

  /** It is not on the page any more, or nothing is: other tabs, and later visits, may go on with it. */
  leave(masks: Iterable<ImageMask> = [...this.#shown.keys()]): void {
    const left = [...masks].map((mask) => [mask, this.#shown.get(mask)] as const)
    for (const [mask] of left) this.#shown.delete(mask)
    this.#leaving = Promise.all([
      this.#leaving,
      ...left.map(async ([mask, checkpoint]) => {
        await checkpoint?.ended
        // It may be on the page again meanwhile.
        const id = this.#ids.get(mask)
        if (id !== undefined && !this.#shown.has(mask)) await releaseScan(id)
      }),
    ])
  }

  /** What was left is there for others by now. */
  get left(): Promise<unknown> {
    return this.#leaving
  }
}

export class ScanCheckpoint {
  readonly id: string
  /** All is written that ever will be. */
  readonly ended: Promise<void>
  readonly #options: CheckpointOptions
  readonly #gallery: GalleryClient
  readonly #onEnd: () => void
  readonly #stopListening: () => void
  /** What the scan is of; asked for when it is needed, as the digest of a large network takes a second of a core. */
  #identity: Promise<Pick<CheckpointHead, 'model'> & { readonly digest: string }> | null = null
  readonly #begun = performance.now()
  #last = performance.now()
  /** Milliseconds of the page that the last one took. */
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
    // As far as it goes: the browser may end the page before it is written.
    this.#stopListening = onHidden(() => void options.between(() => this.write()))
  }

  /** Between two reports. Never rejects, nor do `write` and `end`. */
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
      // As in some private windows: nobody is disturbed by that.
      if (!hasDatabase()) return this.#fail(new Error('it keeps nothing for this page'), true)
      const { head, busy } = await this.#store(await this.#head(status))
      this.#busy = busy
      this.#last = performance.now()
      if (!this.#isTidy || status !== 'unfinished') await this.#tidy(head)
      this.#isTidy = true
    } catch (error) {
      // Told at the start of the visit.
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

  /** Nothing is noted any more. */
  close(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#onEnd()
  }

  /** Where there is no room, the oldest leave until there is. */
  async #store(head: NewHead): Promise<Written> {
    const { mask, skipped, results } = this.#options
    const { writeCheckpoint } = await storage()
    for (;;)
      try {
        return await writeCheckpoint(
          head,
          { mask: mask.snapshot(), skipped: [...skipped()] },
          results.map((result) => () => {
            // Another run goes on with the same results: the checkpoint before stays.
            if (this.#isClosed) throw new Error('the scan goes on')
            return result.snapshot()
          }),
        )
      } catch (error) {
        if (!isQuotaExceeded(error) || !(await this.#evict((others) => others.slice(-1)))) throw error
      }
  }

  /** Removes what this record has taken the place of, and what there is no room for any more. */
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

  /** Of all records, newest first, those that nobody has. Whether any has left. */
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
        // Only handles are opened with it, and it may hold a file.
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

function hasDatabase(): boolean {
  return (globalThis as { readonly indexedDB?: IDBFactory }).indexedDB !== undefined
}

/** `crypto.randomUUID` is missing on plain http. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${Date.now().toString(36)}-${Array.from(random, (word) => word.toString(36)).join('')}`
}
