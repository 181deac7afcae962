/**
 * @file Stores in the browser's own database what scans have found, while they run and when they have ended. A
 * checkpoint is there wholly, or not at all. Layers that were scanned together make one record, which grows as long as
 * that scan goes on; another scan of the same model and images makes another record. So each is written in one
 * transaction, whose cost does not grow with what was scanned before; readers put records together (`sameScan`).
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import { appError } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Selection } from '../../core/images/selection.ts'
import type { Pair } from '../../core/model/network.ts'
import type { LayerLosses } from '../../core/reasons/lossRanking.ts'
import { type LayerSnapshot, type UnversionedSnapshot, withVersions } from '../../core/scan/layerSnapshot.ts'
import { statisticsVersion } from '../../core/scan/statistics/index.ts'
import type { IndexChoice } from '../images/imageSet.ts'
import { inTime, ownDatabase } from '../storage/ownDatabase.ts'
import type { Origins } from './origins.ts'

/** What is known of a scan without reading what it has found. */
export interface CheckpointHead {
  readonly id: string
  /** The time of its last checkpoint, in milliseconds since 1970. */
  readonly time: number
  /** `unfinished`: it was under way, or has failed. The others were stopped by the user, or all was done. */
  readonly status: 'unfinished' | 'stopped' | 'done'
  /** How it was computed: the choice by `choiceOf`. */
  readonly backend: string
  /** The approximate size of the record. */
  readonly bytes: number
  /** How model and images can be opened again; null if only the user can open them. */
  readonly origin: Origins
  readonly model: {
    readonly name: string
    readonly sha256: string
    readonly inputShape: readonly number[]
    /** The size that was chosen for a model that leaves it open. */
    readonly inputSize: Pair | null
  }
  readonly images: {
    readonly name: string
    readonly count: number
    /** The digest of all paths with classes, splits and order. */
    readonly digest: string
    /** How the index was chosen. */
    readonly index: IndexChoice
    /** Numbers and sizes in bytes of a few scanned images, if known. */
    readonly sizes: readonly (readonly [image: number, bytes: number])[]
  }
  readonly preprocessing: Preprocessing
  /** The number of patches that are shown of each channel; more of them are kept. */
  readonly k: number
  readonly selection: Selection
  /** Names of the layers. */
  readonly layers: readonly string[]
  /** The number of images that were scanned or skipped, out of `total`. */
  readonly done: number
  readonly total: number
  /** What the network loses without channels, by name of the layer, if that was asked for. */
  readonly losses?: Readonly<Record<string, LayerLosses>>
}

export interface CheckpointImages {
  /** One bit for each image (`ImageMask.snapshot`). */
  readonly mask: Uint32Array
  readonly skipped: readonly (readonly [image: number, reason: string])[]
}

export interface Checkpoint {
  readonly images: CheckpointImages
  /** In the order of the head's layers. */
  readonly layers: readonly LayerSnapshot[]
}

interface Schema extends DBSchema {
  heads: { key: string; value: CheckpointHead }
  /** The key is the scan and a number: 0 for the images, then layer after layer. */
  parts: { key: [scan: string, part: number]; value: CheckpointImages | LayerSnapshot | UnversionedSnapshot }
}

/** From this version on, an upgrade keeps what is there. It is the last one in which statistics had no versions of their own. */
const firstKept = 4

/** Grows with every change of what is stored, so that an older app leaves it alone; a statistic less has to be made up for. */
const schemaVersion = firstKept + statisticsVersion

/** Throws `kept/newer`. */
export const database = ownDatabase<Schema>({
  name: 'urpatch-scans',
  version: schemaVersion,
  upgrade(db, before) {
    if (before >= firstKept) return
    // Records of earlier versions cannot be read.
    for (const name of ['heads', 'parts'] as const)
      if (db.objectStoreNames.contains(name)) db.deleteObjectStore(name)
    db.createObjectStore('heads', { keyPath: 'id' })
    db.createObjectStore('parts')
  },
  newer: () => appError('kept/newer'),
})

export type NewHead = Omit<CheckpointHead, 'bytes'>

export interface Written {
  readonly head: CheckpointHead
  /** Milliseconds of work on the page's thread, without waiting. */
  readonly busy: number
}

/**
 * Replaces the scan's checkpoint before. `layers` makes each snapshot when its turn has come, as copying one at a time
 * never holds the page up for long. A snapshot must not change while it is written.
 */
export async function writeCheckpoint(
  head: NewHead,
  images: CheckpointImages,
  layers: readonly (() => LayerSnapshot)[],
): Promise<Written> {
  return database.use((db) => writeInto(db, head, images, layers))
}

async function writeInto(
  db: IDBPDatabase<Schema>,
  head: NewHead,
  images: CheckpointImages,
  layers: readonly (() => LayerSnapshot)[],
): Promise<Written> {
  let busy = 0
  let bytes = bytesIn(images)
  /** The browser copies the value before `put` returns. */
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
      // All or nothing. If a `put` has failed, the transaction is aborted already.
      abort()
      throw error
    }
  }
  const abort = (): void => {
    try {
      transaction.abort()
    } catch {
      // The transaction has ended.
    }
  }
  // `done` rejects with the reason of the abort.
  await inTime(Promise.all([putting(), transaction.done]), abort)
  return { head: { ...head, bytes }, busy }
}

/**
 * The same at once, for a page that is being left: nothing is waited for, and nothing is told. The browser has all of it before
 * the page ends, or the checkpoint before stays; so it does if no connection is open.
 */
export function flushCheckpoint(
  head: NewHead,
  images: CheckpointImages,
  layers: readonly LayerSnapshot[],
): void {
  const db = database.connection
  if (!db) return
  const transaction = db.transaction(['heads', 'parts'], 'readwrite', { durability: 'relaxed' })
  const [heads, parts] = [transaction.objectStore('heads'), transaction.objectStore('parts')]
  const ignored = (): void => undefined
  transaction.done.catch(ignored)
  for (const [i, part] of [images, ...layers].entries()) parts.put(part, [head.id, i]).catch(ignored)
  heads.put({ ...head, bytes: bytesIn([images, layers]) }).catch(ignored)
  transaction.commit()
}

/** Adds what the network loses without the channels of a layer. Does nothing if the record has gone. */
export async function storeLosses(id: string, layer: string, losses: LayerLosses): Promise<void> {
  await database.use(async (db) => {
    const transaction = db.transaction('heads', 'readwrite')
    const put = async (): Promise<void> => {
      const head = await transaction.store.get(id)
      if (head) await transaction.store.put({ ...head, losses: { ...head.losses, [layer]: losses } })
    }
    await inTime(Promise.all([put(), transaction.done]))
  })
}

/** Counts typed arrays, which are nearly all there is. */
function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0)
}

/** Lists the heads, newest first. */
export async function listCheckpoints(): Promise<CheckpointHead[]> {
  const heads = await database.use((db) => inTime(db.getAll('heads')))
  return heads.toSorted((a, b) => b.time - a.time)
}

/** Throws if it has gone or is not whole. */
export async function readCheckpoint({ id, layers }: CheckpointHead): Promise<Checkpoint> {
  const [images, ...snapshots] = await database.use((db) => inTime(db.getAll('parts', partsOf(id))))
  if (!images || snapshots.length !== layers.length) throw new Error('it has gone')
  return {
    images: images as CheckpointImages,
    layers: (snapshots as (LayerSnapshot | UnversionedSnapshot)[]).map(withVersions),
  }
}

/** Ignores ids that are not there. */
export async function deleteCheckpoints(ids: readonly string[]): Promise<void> {
  await database.use(async (db) => {
    const transaction = db.transaction(['heads', 'parts'], 'readwrite')
    const [heads, parts] = [transaction.objectStore('heads'), transaction.objectStore('parts')]
    await inTime(
      Promise.all([...ids.flatMap((id) => [heads.delete(id), parts.delete(partsOf(id))]), transaction.done]),
    )
  })
}

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}
