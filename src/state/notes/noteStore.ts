/**
 * @file Keeps notes in the browser's own database, by the digest of the model: a record for each channel, so that two
 * tabs which write about different channels do not undo each other. Tabs tell each other what has changed.
 */
import type { DBSchema } from 'idb'
import { sentence } from '../../core/errors.ts'
import type { ChannelNotes } from '../../core/notes/note.ts'
import { emptyBook, type Entry, type NoteBook, withEntries } from '../../core/notes/noteBook.ts'
import { inTime, ownDatabase } from '../storage/ownDatabase.ts'

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
  const { store } = (await database()).transaction('channels')
  const range = IDBKeyRange.bound([sha256], [sha256, []])
  const [keys, values] = await inTime(Promise.all([store.getAllKeys(range), store.getAll(range)]))
  return withEntries(
    emptyBook,
    keys.map(([, layer, channel], i): Entry<ChannelNotes> => ({ layer, channel, notes: values[i]! })),
  )
}

/** Replaces the notes of these channels, all or none of them, and tells other tabs. */
export async function writeEntries(sha256: string, entries: readonly Entry<ChannelNotes>[]): Promise<void> {
  const transaction = (await database()).transaction('channels', 'readwrite')
  const { store } = transaction
  await inTime(
    Promise.all([
      ...entries.map(({ layer, channel, notes }) => {
        const key: Key = [sha256, layer, channel]
        return notes.own === null && notes.others.length === 0 ? store.delete(key) : store.put(notes, key)
      }),
      transaction.done,
    ]),
  )
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  news().postMessage(sha256)
}

export async function readAuthor(): Promise<string | null> {
  return (await inTime((await database()).get('settings', 'author'))) ?? null
}

export async function writeAuthor(author: string): Promise<void> {
  await inTime((await database()).put('settings', author, 'author'))
}

let channel: BroadcastChannel | null = null

function news(): BroadcastChannel {
  channel ??= new BroadcastChannel('urpatch-notes')
  return channel
}

/** Calls back with the digest of a model about which another tab has written. To be called once. */
export function followOtherTabs(onNews: (sha256: string) => void): void {
  news().addEventListener('message', ({ data }: MessageEvent<string>) => onNews(data))
}
