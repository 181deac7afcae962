import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { type DBSchema, type IDBPDatabase, unwrap } from 'idb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Database, ownDatabase } from '../../../src/state/storage/ownDatabase.ts'

interface Schema extends DBSchema {
  words: { key: string; value: string }
}

let database: Database<Schema>

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  database = ownDatabase<Schema>({
    name: 'words',
    version: 1,
    upgrade: (db) => void db.createObjectStore('words'),
    newer: () => new Error('newer'),
  })
})
afterEach(() => vi.unstubAllGlobals())

/** As a browser does when a user clears the data of a site. */
function cutOff(db: IDBPDatabase<Schema>): void {
  forceCloseDatabase(unwrap(db) as never)
}

it('work goes on with another connection if its own is cut off in the middle', async () => {
  const connections: unknown[] = []
  await database.use(async (db) => {
    connections.push(db)
    const transaction = db.transaction('words', 'readwrite')
    const put = transaction.store.put('eye', 'first')
    if (connections.length === 1) {
      transaction.abort()
      cutOff(db)
    }
    await Promise.all([put, transaction.done])
  })
  expect(connections).toHaveLength(2)
  expect(connections[1]).not.toBe(connections[0])
  expect(database.connection).toBe(connections[1])
  expect(await database.use((db) => db.get('words', 'first'))).toBe('eye')
})

it('a connection that was cut off before is no more, and the next work has another one', async () => {
  const before = await database.open()
  expect(database.connection).toBe(before)
  cutOff(before)
  await vi.waitFor(() => expect(database.connection).toBeNull())
  await database.use((db) => db.put('words', 'eye', 'first'))
  expect(database.connection).not.toBe(before)
})

it('work fails with the reason if every connection is cut off', async () => {
  let tries = 0
  const work = database.use((db) => {
    tries++
    cutOff(db)
    return db.put('words', 'eye', 'first')
  })
  await expect(work).rejects.toMatchObject({ name: 'InvalidStateError' })
  expect(tries).toBe(4)
})

it('work that has no room fails at once', async () => {
  const full = new DOMException('', 'QuotaExceededError')
  const work = vi.fn(() => Promise.reject(full))
  await expect(database.use(work)).rejects.toBe(full)
  expect(work).toHaveBeenCalledOnce()
})
