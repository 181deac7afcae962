/** @file Databases of the browser's own: opened once for all who ask, and never waited for without end. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { waitAtMost } from '../../core/timing/waitAtMost.ts'

/** The time limit for an answer: a database that hangs must not hold anything up. */
const timeoutMs = 10_000

/** Chromium also cuts off a connection that is opened while it is clearing; the next one is whole. */
const mostTries = 4

export interface OwnDatabase<Schema extends DBSchema> {
  readonly name: string
  /** Grows with every change of what is stored, so that an older app leaves it alone. */
  readonly version: number
  /** Makes the stores; `before` is the version that is there, 0 if there is none. */
  readonly upgrade: (db: IDBPDatabase<Schema>, before: number) => void
  /** What is thrown if a newer app has made it. */
  readonly newer: () => Error
}

export interface Database<Schema extends DBSchema> {
  /**
   * Rejects if there is no database, as in some private windows; with a `SecurityError` if the user lets this page store nothing.
   */
  open(): Promise<IDBPDatabase<Schema>>
  /**
   * Does `work`, and again with another connection if the one that it had was closed meanwhile: browsers do so when a user clears the
   * data of a site, and afterwards there is a database again.
   */
  use<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T>
  /** The open connection, for what cannot wait; null if there is none. */
  readonly connection: IDBPDatabase<Schema> | null
}

export function ownDatabase<Schema extends DBSchema>({
  name,
  version,
  upgrade,
  newer,
}: OwnDatabase<Schema>): Database<Schema> {
  let current: Connection<Schema> | null = null
  const forget = (one: Connection<Schema>): void => {
    if (current === one) current = null
  }
  const connect = (): Connection<Schema> => {
    const opened = inTime(
      // Some browsers throw where they could answer.
      (async () =>
        openDB<Schema>(name, version, {
          upgrade,
          // A newer version of the app in another tab need not wait until this tab is closed.
          blocking(_version, _newer, event) {
            forget(one)
            ;(event.target as IDBDatabase).close()
          },
          terminated: () => forget(one),
        }))(),
    )
    const one: Connection<Schema> = { opened, db: null }
    opened.then(
      (db) => (one.db = db),
      () => forget(one),
    )
    return one
  }
  const open = async (): Promise<IDBPDatabase<Schema>> => {
    current ??= connect()
    try {
      return await current.opened
    } catch (error) {
      if (error instanceof Error && error.name === 'VersionError') throw newer()
      throw isBlocked(error) ? new DOMException(blocked, 'SecurityError') : error
    }
  }
  const leave = (db: IDBPDatabase<Schema>): void => {
    if (current?.db === db) forget(current)
    db.close()
  }
  return {
    open,
    async use(work) {
      for (let tries = 1; ; tries++)
        try {
          const db = await open()
          try {
            return await work(db)
          } catch (error) {
            if (mayBeClosed(error)) leave(db)
            throw error
          }
        } catch (error) {
          if (tries === mostTries || !mayBeClosed(error)) throw error
        }
    },
    get connection() {
      return current?.db ?? null
    },
  }
}

interface Connection<Schema extends DBSchema> {
  readonly opened: Promise<IDBPDatabase<Schema>>
  db: IDBPDatabase<Schema> | null
}

/** There is no error of its own for it, and browsers tell of the end of a connection only after that of its requests. */
function mayBeClosed(error: unknown): boolean {
  return error instanceof DOMException && /^(Abort|InvalidState|Unknown)Error$/.test(error.name)
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
