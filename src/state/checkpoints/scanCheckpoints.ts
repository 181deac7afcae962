/** @file The checkpoints of all scans of this tab. */
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'
import { type CheckpointOptions, ScanCheckpoint } from './scanCheckpoint.ts'
import { claimScan, releaseScan } from './tabLocks.ts'

/** A scan goes by its mask: one that was stopped and goes on is the same scan. */
export class ScanCheckpoints {
  readonly #gallery: GalleryClient
  readonly #ids = new WeakMap<ImageMask, string>()
  /** The scans whose results are on the page; null for one that was found in the database. */
  readonly #shown = new Map<ImageMask, ScanCheckpoint | null>()
  #leaving: Promise<unknown> = Promise.resolve()
  #isFailureTold = false

  constructor(gallery: GalleryClient) {
    this.#gallery = gallery
  }

  /** Keeps a scan that begins or goes on, beside those that have ended. */
  begin(options: CheckpointOptions): ScanCheckpoint {
    const { mask, on } = options
    const id = this.#ids.get(mask) ?? newId()
    this.#ids.set(mask, id)
    // The scan now changes results that its checkpoint before may still be writing.
    this.#shown.get(mask)?.close()
    const checkpoint = new ScanCheckpoint(id, this.#gallery, {
      ...options,
      on: (event) => {
        if (event.kind !== 'failed') return on(event)
        on({ ...event, silent: event.silent || this.#isFailureTold })
        this.#isFailureTold ||= !event.silent
      },
    })
    this.#shown.set(mask, checkpoint)
    return checkpoint
  }

  /** Notes that results from the database are on the page, and go on by this mask. False: another tab has them. */
  async adopt(id: string, mask: ImageMask): Promise<boolean> {
    if (!(await claimScan(id))) return false
    this.#ids.set(mask, id)
    this.#shown.set(mask, null)
    return true
  }

  /** Notes that results that had left are on the page again. */
  comeBack(masks: Iterable<ImageMask>): void {
    for (const mask of masks) {
      const id = this.#ids.get(mask)
      if (id !== undefined) void this.#leaving.then(() => this.adopt(id, mask))
    }
  }

  /** Notes that results have left the page, by default all: other tabs, and later visits, may go on with them. */
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

  /** Resolves when all that has left is there for others. */
  get left(): Promise<unknown> {
    return this.#leaving
  }
}

/** `crypto.randomUUID` is missing on plain http. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${Date.now().toString(36)}-${Array.from(random, (word) => word.toString(36)).join('')}`
}
