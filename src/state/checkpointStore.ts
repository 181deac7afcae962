/** @file How far scans have come, in the browser's own database: a checkpoint is there wholly, or not at all. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Preprocessing } from '../core/images/preprocessing.ts'
import type { Selection } from '../core/images/selection.ts'
import type { LayerSnapshot } from '../core/scan/layerResult.ts'

/** What is known of a scan without reading what it has found. */
export interface CheckpointHead {
  readonly id: string
  /** Of its last checkpoint, in milliseconds since 1970. */
  readonly time: number
  readonly model: { readonly name: string; readonly sha256: string; readonly inputShape: readonly number[] }
  readonly images: {
    readonly name: string
    readonly count: number
    /** Of all paths with classes, splits and order. */
    readonly digest: string
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

/** Grows with every change of what is stored. */
const schemaVersion = 3

/** A database that does not answer must not hold a scan up. */
const patienceMs = 10_000

let opened: Promise<IDBPDatabase<Schema>> | null = null

/** Rejects where there is none, as in some private windows. */
export async function database(): Promise<IDBPDatabase<Schema>> {
  const forget = (): void => {
    opened = null
  }
  opened ??= inTime(
    openDB<Schema>('urpatch-scans', schemaVersion, {
      upgrade(db) {
        // What another version of this app has found means nothing here.
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
  return await opened
}

function inTime<T>(promise: Promise<T>, giveUp: () => void = () => undefined): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the browser's database did not answer for ${patienceMs / 1000} seconds`))
      giveUp()
    }, patienceMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/**
 * In the place of the scan's checkpoint before. `layers` makes each snapshot when its turn has come: copying one at a
 * time never holds the page up for long. What they make must not change meanwhile. Returns how many milliseconds of the
 * page's thread it took; the rest is waiting.
 */
export async function writeCheckpoint(
  head: CheckpointHead,
  images: CheckpointImages,
  layers: readonly (() => LayerSnapshot)[],
): Promise<number> {
  const db = await database()
  let busy = 0
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
      for (const [i, layer] of layers.entries()) await timed(() => parts.put(layer(), [head.id, i + 1]))
      await timed(() => heads.put(head))
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
  return busy
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

/** Nothing happens where there is none. */
export async function deleteCheckpoint(id: string): Promise<void> {
  const transaction = (await database()).transaction(['heads', 'parts'], 'readwrite')
  await inTime(
    Promise.all([
      transaction.objectStore('heads').delete(id),
      transaction.objectStore('parts').delete(partsOf(id)),
      transaction.done,
    ]),
  )
}

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}
