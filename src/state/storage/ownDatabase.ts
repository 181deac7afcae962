/** @file Databases of the browser's own: opened once for all who ask, and never waited for without end. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { waitAtMost } from '../../core/timing/waitAtMost.ts'

/** The time limit for an answer: a database that hangs must not hold anything up. */
const timeoutMs = 10_000

export interface OwnDatabase<Schema extends DBSchema> {
  readonly name: string
  /** Grows with every change of what is stored, so that an older app leaves it alone. */
  readonly version: number
  /** Makes the stores; `before` is the version that is there, 0 if there is none. */
  readonly upgrade: (db: IDBPDatabase<Schema>, before: number) => void
  /** What is thrown if a newer app has made it. */
  readonly newer: () => Error
}

/**
 * The returned function rejects if there is no database, as in some private windows; with a `SecurityError` if the user lets this page
 * store nothing.
 */
export function ownDatabase<Schema extends DBSchema>({
  name,
  version,
  upgrade,
  newer,
}: OwnDatabase<Schema>): () => Promise<IDBPDatabase<Schema>> {
  let opened: Promise<IDBPDatabase<Schema>> | null = null
  const forget = (): void => {
    opened = null
  }
  return async () => {
    opened ??= inTime(
      // Some browsers throw where they could answer.
      (async () =>
        openDB<Schema>(name, version, {
          upgrade,
          // A newer version of the app in another tab need not wait until this tab is closed.
          blocking(_version, _newer, event) {
            forget()
            ;(event.target as IDBDatabase).close()
          },
          terminated: forget,
        }))(),
    )
    opened.catch(forget)
    try {
      return await opened
    } catch (error) {
      if (error instanceof Error && error.name === 'VersionError') throw newer()
      throw isBlocked(error) ? new DOMException(blocked, 'SecurityError') : error
    }
  }
}

const blocked = 'cookies and site data are blocked for this page; allow them for the next visit'

/** Chromium has no error of its own for it. */
function isBlocked(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false
  return error.name === 'SecurityError' || (error.name === 'UnknownError' && /denied/.test(error.message))
}

/** What `promise` resolves to; `giveUp` is called if that takes too long. */
export async function inTime<T>(promise: Promise<T>, giveUp: () => void = () => undefined): Promise<T> {
  const done = await waitAtMost(promise, { ticks: 1, tickMs: timeoutMs })
  if (done) return done.result
  giveUp()
  throw new Error(`the browser's database did not answer for ${timeoutMs / 1000} seconds`)
}
