/**
 * @file The notes file, `*.urpatch-notes.json`: a contract, as people exchange such files (EXPLORER.md). The same object
 * stands in results files as `notes`. Beyond the contract, a channel may have `lists`, and an `author` of its own if it
 * is not the file's; several people's notes of a channel are several entries.
 */
import { isBlank, type SignedNote } from './note.ts'
import { entriesOf, type NoteBook } from './noteBook.ts'

export const notesFormat = 'urpatch-notes'
export const notesVersion = 1
export const notesEnding = '.urpatch-notes.json'

export interface NotesFile {
  readonly format: typeof notesFormat
  readonly version: typeof notesVersion
  readonly model: { readonly name: string; readonly sha256: string }
  readonly author: string
  readonly channels: readonly NoteRecord[]
}

interface NoteRecord {
  readonly layer: string
  readonly channel: number
  readonly name: string
  readonly family: string
  readonly sure: boolean
  readonly star: boolean
  readonly note: string
  readonly changed: string
  /** Only there if the channel is on a list. */
  readonly lists?: readonly string[]
  /** Only there if it is not the file's author. */
  readonly author?: string
}

/** The file as an object. Layers have the order of the book. */
export function notesRecord(book: NoteBook, model: NotesFile['model'], me: string): NotesFile {
  return {
    format: notesFormat,
    version: notesVersion,
    model: { name: model.name, sha256: model.sha256 },
    author: me,
    channels: entriesOf(book).flatMap(({ layer, channel, notes: { own, others } }) => [
      ...(own && !isBlank(own) ? [recordOf(layer, channel, { ...own, author: me }, me)] : []),
      ...others.map((note) => recordOf(layer, channel, note, me)),
    ]),
  }
}

function recordOf(layer: string, channel: number, note: SignedNote, me: string): NoteRecord {
  const { name, family, sure, star, note: free, changed, lists, author } = note
  return {
    layer,
    channel,
    name,
    family,
    sure,
    star,
    note: free,
    changed,
    ...(lists.length > 0 ? { lists } : {}),
    ...(author === me ? {} : { author }),
  }
}

/** The text of the file, a channel a line, so that versions of it can be compared. */
export function notesText({ channels, ...head }: NotesFile): string {
  const lines = channels.map((channel) => `\n  ${JSON.stringify(channel)}`).join(',')
  const start = JSON.stringify(head, null, 1).replace(/\n}$/, '')
  return `${start},\n "channels": [${lines}${lines && '\n '}]\n}\n`
}
