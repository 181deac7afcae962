/**
 * @file Keeps in the browser what one scan finds: now and then while it runs, so that it can go on after the page was
 * closed, has crashed or was reloaded, and once more when it has ended. The scan goes on if this fails, which is reported
 * once.
 */
import { codeOf, isQuotaExceeded } from '../../core/errors.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import type { InTurn } from '../../core/timing/inTurn.ts'
import { lossesOf } from '../reasons/keptLosses.ts'
import { hasDatabase } from '../storage/hasDatabase.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'
import type { CheckpointEvent } from './checkpointEvents.ts'
import { CheckpointHeads, type ScanFacts } from './checkpointHeads.ts'
import type { CheckpointHead, NewHead, Written } from './checkpointStore.ts'
import { askToPersist } from './keptSpace.ts'
import { evictOldest, evictSurplus, forgetSuperseded } from './makeRoom.ts'
import { storage } from './storage.ts'
import { claimScan } from './tabLocks.ts'
import { onHidden } from './visibility.ts'

export interface CheckpointOptions extends ScanFacts {
  /** In step with `names`. */
  readonly results: readonly LayerResult[]
  readonly skipped: () => ReadonlyMap<number, string>
  /** Takes in at once what is half taken in, so that mask, results and skipped images are of the same images. */
  readonly settle: () => void
  /** The queue in which the reports of the scan are taken in. */
  readonly inTurn: InTurn
  readonly on: (event: CheckpointEvent) => void
}

/** Milliseconds between two checkpoints, at least; they take at most this part of the page's time. */
const leastPause = 3000
const mostShare = 0.02
/** The page copies so much while a scan keeps all cores busy; the time of the first checkpoint is estimated by it. */
const bytesPerMs = 1e5

/** A page that is left is not held up for longer than this. */
const mostFlushMs = 500

/** After a scan that took longer than this the browser is asked to keep the results for good. */
const longScanMs = 60_000

export class ScanCheckpoint {
  readonly id: string
  /** Resolves when nothing more will be written. */
  readonly ended: Promise<void>
  readonly #options: CheckpointOptions
  readonly #heads: CheckpointHeads
  readonly #onEnd: () => void
  readonly #stopListening: () => void
  readonly #begun = performance.now()
  #last = performance.now()
  /** Milliseconds of the page that the last one took. */
  #busy: number | null = null
  #status: CheckpointHead['status'] = 'unfinished'
  /** Writes what is there without waiting for anything; null until all that it needs is at hand. */
  #flush: (() => void) | null = null
  #isTidy = false
  #isClosed = false

  constructor(id: string, gallery: GalleryClient, options: CheckpointOptions) {
    this.id = id
    this.#options = options
    this.#heads = new CheckpointHeads(id, gallery, options)
    let onEnd!: () => void
    this.ended = new Promise((resolve) => (onEnd = resolve))
    this.#onEnd = onEnd
    void claimScan(id).catch((error: unknown) => this.#fail(error))
    // A failure is told when something is to be written.
    void this.#prepare().catch(() => undefined)
    // The browser may end the page before it is written.
    this.#stopListening = onHidden(
      () => void options.inTurn(() => this.write()),
      () => this.#leave(),
    )
  }

  /** To be called between two reports. Never rejects, nor do `write` and `end`. */
  async writeIfDue(): Promise<void> {
    const since = performance.now() - this.#last
    if (since >= leastPause && since >= this.#cost / mostShare) await this.write()
  }

  get #cost(): number {
    return this.#busy ?? this.#options.results.reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerMs
  }

  async #prepare(): Promise<void> {
    if (!hasDatabase()) return
    const { database, flushCheckpoint } = await storage()
    await Promise.all([database.open(), this.#heads.make('unfinished')])
    this.#flush = () => {
      const { mask, skipped, results } = this.#options
      const images = { mask: mask.snapshot(), skipped: [...skipped()] }
      const layers = results.map((result) => result.snapshot())
      flushCheckpoint(this.#heads.now(this.#status)!, images, layers)
    }
  }

  #leave(): void {
    const { mask, settle } = this.#options
    if (this.#isClosed || this.#cost > mostFlushMs) return
    try {
      settle()
      if (mask.count > 0) this.#flush?.()
    } catch {
      // The database has been closed meanwhile, and there is nobody left to be told.
    }
  }

  async write(status: CheckpointHead['status'] = 'unfinished'): Promise<void> {
    if (this.#isClosed || this.#options.mask.count === 0) return
    this.#status = status
    try {
      // Some private windows have none, which is no news to their user.
      if (!hasDatabase()) return this.#fail(new Error('it keeps nothing for this page'), true)
      const { head, busy } = await this.#store(await this.#heads.make(status))
      this.#busy = busy
      this.#last = performance.now()
      if (!this.#isTidy || status !== 'unfinished') await this.#tidy(head)
      this.#isTidy = true
    } catch (error) {
      // A newer database is reported at the start of the visit.
      this.#fail(error, codeOf(error) === 'kept/newer')
    }
  }

  /** The scan is paused, and may go on in a later visit. */
  async pause(): Promise<void> {
    await this.write()
    this.#tellKept()
  }

  /** The scan has ended, and its results stay. */
  async end(status: 'done' | 'stopped' | 'failed'): Promise<void> {
    await this.write(status === 'failed' ? 'unfinished' : status)
    if (this.#tellKept() && performance.now() - this.#begun > longScanMs) void askToPersist()
    this.close()
  }

  /** Returns whether something is kept. */
  #tellKept(): boolean {
    const images = this.#options.mask.count
    const isKept = !this.#isClosed && images > 0
    if (isKept) this.#options.on({ kind: 'kept', id: this.id, images })
    return isKept
  }

  /** Nothing is written any more. */
  close(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#onEnd()
  }

  /** If there is no room, the oldest records leave until there is. */
  async #store(head: NewHead): Promise<Written> {
    const { mask, skipped, results, names } = this.#options
    const losses = Object.fromEntries(lossesOf(new Map(results.map((result, i) => [names[i]!, result]))))
    const { writeCheckpoint } = await storage()
    const evicted: CheckpointHead[] = []
    try {
      for (;;)
        try {
          return await writeCheckpoint(
            { ...head, losses },
            { mask: mask.snapshot(), skipped: [...skipped()] },
            results.map((result) => () => {
              // Another run goes on with the same results: the checkpoint before stays.
              if (this.#isClosed) throw new Error('the scan goes on')
              return result.snapshot()
            }),
          )
        } catch (error) {
          const leaving = isQuotaExceeded(error) ? await evictOldest(this.id) : []
          if (leaving.length === 0) throw error
          evicted.push(...leaving)
        }
    } finally {
      this.#reportEvicted(evicted)
    }
  }

  /** Removes records that this one has taken the place of, and those that there is no room for any more. */
  async #tidy(head: CheckpointHead): Promise<void> {
    const { ids, room } = await forgetSuperseded(head)
    if (ids.length > 0) this.#options.on({ kind: 'superseded', ids })
    this.#reportEvicted(await evictSurplus(this.id, room))
  }

  #reportEvicted(heads: readonly CheckpointHead[]): void {
    if (heads.length > 0) this.#options.on({ kind: 'evicted', heads })
  }

  #fail(error: unknown, silent = false): void {
    if (this.#isClosed) return
    this.close()
    this.#options.on({ kind: 'failed', error, silent })
  }
}
