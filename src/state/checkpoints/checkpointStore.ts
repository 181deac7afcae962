/**
 * @file What scans have found, in the browser's own database, while they run and when they have ended: a checkpoint is
 * there wholly, or not at all. Layers that were scanned together make one record, which grows as long as that scan goes
 * on; another scan of the same model and images makes another one. Each can so be written in one transaction whose cost
 * does not grow with what was scanned before; who looks at them puts those together that belong together.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { appError } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Selection } from '../../core/images/selection.ts'
import type { Pair } from '../../core/model/network.ts'
import type { LayerSnapshot } from '../../core/scan/layerResult.ts'
import { waitAtMost } from '../../core/timing/waitAtMost.ts'
import type { IndexChoice } from '../images/imageSet.ts'
import type { Origins } from './origins.ts'

/** What is known of a scan without reading what it has found. */
export interface CheckpointHead {
  readonly id: string
  /** Of its last checkpoint, in milliseconds since 1970. */
  readonly time: number
  /** `unfinished`: it was under way, or has failed. The others ended because somebody wanted it, or all was done. */
  readonly status: 'unfinished' | 'stopped' | 'done'
  /** What computed it. */
  readonly backend: string
  /** About what the record takes. */
  readonly bytes: number
  /** How model and images are found again; null where the user has to open them. */
  readonly origin: Origins
  readonly model: {
    readonly name: string
    readonly sha256: string
    readonly inputShape: readonly number[]
    /** What was chosen for a model that leaves it open. */
    readonly inputSize: Pair | null
  }
  readonly images: {
    readonly name: string
    readonly count: number
    /** Of all paths with classes, splits and order. */
    readonly digest: string
    /** How the index was chosen. */
    readonly index: IndexChoice
    /** Number and bytes of a few that have been through, where known. */
    readonly sizes: readonly (readonly [image: number, bytes: number])[]
  }
  readonly preprocessing: Preprocessing
  /** Patches shown of each channel; more of them are kept. */
  readonly k: number
  readonly selection: Selection
  /** Names. */
  readonly layers: readonly string[]
  /** Images that have been through or were skipped, of so many. */
  readonly done: number
  readonly total: number
}

export interface CheckpointImages {
  /** One bit an image (`ImageMask.snapshot`). */
  readonly mask: Uint32Array
  readonly skipped: readonly (readonly [image: number, reason: string])[]
}

export interface Checkpoint {
  readonly images: CheckpointImages
  /** In step with the head's. */
  readonly layers: readonly LayerSnapshot[]
}

interface Schema extends DBSchema {
  heads: { key: string; value: CheckpointHead }
  /** By scan and number: images first, then layer after layer. */
  parts: { key: [scan: string, part: number]; value: CheckpointImages | LayerSnapshot }
}

/** Grows with every change of what is stored. From this one on, an upgrade keeps what is there. */
const schemaVersion = 4

/** A database that does not answer must not hold a scan up. */
const timeoutMs = 10_000

let opened: Promise<IDBPDatabase<Schema>> | null = null

/** Rejects where there is none, as in some private windows. Throws `kept/newer`. */
export async function database(): Promise<IDBPDatabase<Schema>> {
  const forget = (): void => {
    opened = null
  }
  opened ??= inTime(
    openDB<Schema>('urpatch-scans', schemaVersion, {
      upgrade(db) {
        // What versions before this one have found means nothing here.
        for (const name of ['heads', 'parts'] as const)
          if (db.objectStoreNames.contains(name)) db.deleteObjectStore(name)
        db.createObjectStore('heads', { keyPath: 'id' })
        db.createObjectStore('parts')
      },
      // A newer version of the app in another tab: it need not wait for this one to be closed.
      blocking(_version, _newer, event) {
        forget()
        ;(event.target as IDBDatabase).close()
      },
      terminated: forget,
    }),
  )
  opened.catch(forget)
  try {
    return await opened
  } catch (error) {
    throw error instanceof Error && error.name === 'VersionError' ? appError('kept/newer') : error
  }
}

async function inTime<T>(promise: Promise<T>, giveUp: () => void = () => undefined): Promise<T> {
  const done = await waitAtMost(promise, { ticks: 1, tickMs: timeoutMs })
  if (done) return done.result
  giveUp()
  throw new Error(`the browser's database did not answer for ${timeoutMs / 1000} seconds`)
}

export type NewHead = Omit<CheckpointHead, 'bytes'>

export interface Written {
  readonly head: CheckpointHead
  /** Milliseconds of the page's thread; the rest is waiting. */
  readonly busy: number
}

/**
 * In the place of the scan's checkpoint before. `layers` makes each snapshot when its turn has come: copying one at a
 * time never holds the page up for long. What they make must not change meanwhile.
 */
export async function writeCheckpoint(
  head: NewHead,
  images: CheckpointImages,
  layers: readonly (() => LayerSnapshot)[],
): Promise<Written> {
  const db = await database()
  let busy = 0
  let bytes = bytesIn(images)
  /** Copies are made before a put returns. */
  const timed = <T>(work: () => T): T => {
    const start = performance.now()
    const value = work()
    busy += performance.now() - start
    return value
  }
  const transaction = db.transaction(['heads', 'parts'], 'readwrite', { durability: 'relaxed' })
  const [heads, parts] = [transaction.objectStore('heads'), transaction.objectStore('parts')]
  const putting = async (): Promise<void> => {
    try {
      await timed(() => parts.put(images, [head.id, 0]))
      for (const [i, layer] of layers.entries())
        await timed(() => {
          const snapshot = layer()
          bytes += bytesIn(snapshot)
          return parts.put(snapshot, [head.id, i + 1])
        })
      await timed(() => heads.put({ ...head, bytes }))
    } catch (error) {
      // All or nothing; where it was a put that failed, it is aborted already.
      abort()
      throw error
    }
  }
  const abort = (): void => {
    try {
      transaction.abort()
    } catch {
      // It has ended.
    }
  }
  // `done` rejects with what made it abort.
  await inTime(Promise.all([putting(), transaction.done]), abort)
  return { head: { ...head, bytes }, busy }
}

/** Of numbers, which is nearly all there is. */
function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0)
}

/** Newest first. */
export async function listCheckpoints(): Promise<CheckpointHead[]> {
  const heads = await inTime((await database()).getAll('heads'))
  return heads.toSorted((a, b) => b.time - a.time)
}

/** Throws where it has gone or is not whole. */
export async function readCheckpoint({ id, layers }: CheckpointHead): Promise<Checkpoint> {
  const [images, ...snapshots] = await inTime((await database()).getAll('parts', partsOf(id)))
  if (!images || snapshots.length !== layers.length) throw new Error('it has gone')
  return { images: images as CheckpointImages, layers: snapshots as LayerSnapshot[] }
}

/** Nothing happens where there are none. */
export async function deleteCheckpoints(ids: readonly string[]): Promise<void> {
  const transaction = (await database()).transaction(['heads', 'parts'], 'readwrite')
  const [heads, parts] = [transaction.objectStore('heads'), transaction.objectStore('parts')]
  await inTime(
    Promise.all([...ids.flatMap((id) => [heads.delete(id), parts.delete(partsOf(id))]), transaction.done]),
  )
}

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}
