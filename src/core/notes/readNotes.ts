/** @file Reads notes files, and the notes of results files. */
import { AppError, appError, messageOf } from '../errors.ts'
import { exactly, FieldProblem, flag, list, object, type Reader, text, whole } from '../fields.ts'
import { parseJson } from '../parseJson.ts'
import { shownValue } from '../shownValue.ts'
import type { SignedNote } from './note.ts'
import type { Entry } from './noteBook.ts'
import { type NotesFile, notesFormat, notesVersion } from './notesFile.ts'

/** What was read of a file. */
export interface ReadNotes {
  readonly model: { readonly name: string; readonly sha256: string }
  readonly entries: readonly Entry<SignedNote>[]
}

/** What is missing, or null, is `fallback`. */
function or<T>(reader: Reader<T>, fallback: T): Reader<T> {
  return (value) => (value === undefined || value === null ? fallback : reader(value))
}

const trimmed: Reader<string> = (value) => text(value).trim()

/** Other ways of writing a date are made one, so that dates can be compared as texts. */
const date: Reader<string> = (value) => {
  if (value === '') return ''
  const time = Date.parse(text(value))
  if (Number.isNaN(time)) throw new FieldProblem(`is ${shownValue(value)}, not a date`)
  return new Date(time).toISOString()
}

const channelFields = object({
  layer: text,
  channel: whole(0),
  name: or(trimmed, ''),
  family: or(trimmed, ''),
  sure: or(flag, true),
  star: or(flag, false),
  note: or(trimmed, ''),
  lists: or(list(trimmed), []),
  changed: or(date, ''),
  author: or<string | null>(trimmed, null),
})

const head = object({ format: exactly(notesFormat), version: whole(1) })

const fields = object({
  model: or(object({ name: or(text, ''), sha256: or(text, '') }), { name: '', sha256: '' }),
  author: or(trimmed, ''),
  channels: list(channelFields),
})

/** Reads the text of a file. Unknown keys are ignored. Throws `notes/…` with the file's name. */
export function readNotesText(json: string, file: string): ReadNotes {
  let parsed: unknown
  try {
    parsed = parseJson(json)
  } catch (error) {
    throw appError('notes/invalid', { file, problem: `it is not valid JSON (${messageOf(error)})` })
  }
  return readNotes(parsed, file)
}

/** Reads the object of a file, or that of a results file's `notes`. Throws `notes/…`. */
export function readNotes(parsed: unknown, file: string): ReadNotes {
  try {
    // A newer version may well look broken.
    const { version } = head(parsed)
    if (version > notesVersion) throw appError('notes/version', { file, version, known: notesVersion })
    const { model, author: ofFile, channels } = fields(parsed)
    return {
      model,
      entries: channels.map(({ layer, channel, author, lists, ...note }) => ({
        layer,
        channel,
        notes: {
          ...note,
          lists: [...new Set(lists)].filter((name) => name !== ''),
          author: author ?? ofFile,
        },
      })),
    }
  } catch (error) {
    if (error instanceof AppError || !(error instanceof FieldProblem)) throw error
    const { key, problem } = error
    throw appError('notes/invalid', { file, problem: key ? `${key} ${problem}` : `it ${problem}` })
  }
}

/** Whether the notes of a file are other ones than those that would be written now. Those that cannot be read stay. */
export function notesDiffer(before: unknown, now: NotesFile | null): boolean {
  if (before === undefined) return now !== null
  let known: ReadNotes
  try {
    known = readNotes(before, '')
  } catch {
    return now !== null
  }
  const linesOf = ({ entries }: ReadNotes): string =>
    entries
      .map((entry) => JSON.stringify(entry))
      .toSorted()
      .join('\n')
  return linesOf(known) !== (now ? linesOf(readNotes(now, '')) : '')
}
