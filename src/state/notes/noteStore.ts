/**
 * @file Keeps notes in the browser's own database, by the digest of the model: a record for each channel, so that two
 * tabs which write about different channels do not undo each other. Tabs tell each other what has changed.
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import { sentence } from '../../core/errors.ts'
import { mergeEdits } from '../../core/notes/mergeEdits.ts'
import { type ChannelNotes, noNotes } from '../../core/notes/note.ts'
import { emptyBook, type Entry, type NoteBook, withEntries } from '../../core/notes/noteBook.ts'
import { inTime, ownDatabase } from '../storage/ownDatabase.ts'

/** The notes about a channel, and what they were before, as far as this tab knew. */
export interface Change extends Entry<ChannelNotes> {
  readonly before: ChannelNotes
}

type Key = [sha256: string, layer: string, channel: number]

interface Schema extends DBSchema {
  channels: { key: Key; value: ChannelNotes }
  /** The one setting is `author`. */
  settings: { key: string; value: string }
}

/** Grows with every change of what is stored, so that an older app leaves it alone. */
const schemaVersion = 1

/** Rejects if there is no database, as in some private windows, or if a newer app has made it. */
const database = ownDatabase<Schema>({
  name: 'urpatch-notes',
  version: schemaVersion,
  upgrade(db) {
    db.createObjectStore('channels')
    db.createObjectStore('settings')
  },
  newer: () => new Error(sentence('notes/newer')),
})

/** Reads all notes about a model. */
export async function readBook(sha256: string): Promise<NoteBook> {
  const range = IDBKeyRange.bound([sha256], [sha256, []])
  const [keys, values] = await database.use((db) => {
    const { store, done } = db.transaction('channels')
    return inTime(Promise.all([store.getAllKeys(range), store.getAll(range), done]))
  })
  return withEntries(
    emptyBook,
    keys.map(([, layer, channel], i): Entry<ChannelNotes> => ({ layer, channel, notes: values[i]! })),
  )
}

/**
 * Takes in changes of the notes of some channels, all or none of them, and tells other tabs. What another tab has written meanwhile
 * stays (`mergeEdits`); returns whether there was such.
 */
export async function writeChanges(sha256: string, changes: readonly Change[]): Promise<boolean> {
  const isMerged = await database.use((db) => mergeChanges(db, sha256, changes))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  news()?.postMessage(sha256)
  return isMerged
}

async function mergeChanges(
  db: IDBPDatabase<Schema>,
  sha256: string,
  changes: readonly Change[],
): Promise<boolean> {
  const transaction = db.transaction('channels', 'readwrite')
  const { store } = transaction
  let isMerged = false
  // One after the other, as a channel may be among them twice.
  const write = async ({ layer, channel, before, notes }: Change): Promise<void> => {
    const key: Key = [sha256, layer, channel]
    const merged = mergeEdits((await store.get(key)) ?? noNotes, before, notes)
    isMerged ||= JSON.stringify(merged) !== JSON.stringify(notes)
    const isNothing = merged.own === null && merged.others.length === 0
    await (isNothing ? store.delete(key) : store.put(merged, key))
  }
  const all = async (): Promise<void> => {
    for (const change of changes) await write(change)
  }
  // `done` rejects as well if the connection is closed meanwhile.
  await inTime(Promise.all([all(), transaction.done]))
  return isMerged
}

export async function readAuthor(): Promise<string | null> {
  return (await database.use((db) => inTime(db.get('settings', 'author')))) ?? null
}

export async function writeAuthor(author: string): Promise<void> {
  await database.use((db) => inTime(db.put('settings', author, 'author')))
}

let channel: BroadcastChannel | null = null

/** Null where the browser lets tabs say nothing to each other. */
function news(): BroadcastChannel | null {
  try {
    channel ??= new BroadcastChannel('urpatch-notes')
  } catch {
    return null
  }
  return channel
}

/** Calls back with the digest of a model about which another tab has written. To be called once. */
export function followOtherTabs(onNews: (sha256: string) => void): void {
  news()?.addEventListener('message', ({ data }: MessageEvent<string>) => onNews(data))
}
