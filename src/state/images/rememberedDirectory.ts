/** @file The directory of the last visit, in browsers that can open one again (Chromium). */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

interface Schema extends DBSchema {
  handles: { key: string; value: FileSystemDirectoryHandle }
}

const store = 'handles'
const key = 'images'

function database(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>('urpatch-directories', 1, {
    upgrade(db) {
      db.createObjectStore(store)
    },
  })
}

export async function rememberDirectory(handle: FileSystemDirectoryHandle): Promise<void> {
  await (await database()).put(store, handle, key)
}

/** Returns null if there is none. */
export async function rememberedDirectory(): Promise<FileSystemDirectoryHandle | null> {
  return (await (await database()).get(store, key)) ?? null
}

export async function forgetDirectory(): Promise<void> {
  await (await database()).delete(store, key)
}
