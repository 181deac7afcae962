/** @file The directory of the last visit, where the browser lets a page come back to one (Chromium). */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

interface Schema extends DBSchema {
  handles: { key: string; value: FileSystemDirectoryHandle }
}

const store = 'handles'
const key = 'images'

/** Not in every TypeScript's library: only Chromium has them. */
interface AskingHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

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

/** Null where there is none. */
export async function rememberedDirectory(): Promise<FileSystemDirectoryHandle | null> {
  return (await (await database()).get(store, key)) ?? null
}

/** Asks where it must; only in answer to a click. */
export async function mayRead(handle: FileSystemDirectoryHandle & AskingHandle): Promise<boolean> {
  const options = { mode: 'read' } as const
  if ((await handle.queryPermission?.(options)) === 'granted') return true
  return (await handle.requestPermission?.(options)) === 'granted'
}
