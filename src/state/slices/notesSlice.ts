/**
 * @file Names and notes of channels: kept in the browser by the model's digest, also those of files. A problem with the
 * browser's database is told, and notes then last as long as the page.
 */
import { appError, messageOf, sentence } from '../../core/errors.ts'
import { mergeEdits } from '../../core/notes/mergeEdits.ts'
import { blankNote, type ChannelNotes, type Note, saysTheSame } from '../../core/notes/note.ts'
import {
  claimNotes,
  emptyBook,
  entriesOf,
  type Entry,
  type Merged,
  mergeNotes,
  type NoteBook,
  notesAt,
  unmerged,
  withEntries,
} from '../../core/notes/noteBook.ts'
import type { ReadNotes } from '../../core/notes/readNotes.ts'
import { shownNote } from '../../core/notes/shownNote.ts'
import { inTurn } from '../../core/timing/inTurn.ts'
import type { AppState, NotesSlice, Slice } from '../appState.ts'
import { digestModel } from '../checkpoints/digests.ts'
import type { Change } from '../notes/noteStore.ts'
import { noteStorage } from '../notes/storage.ts'
import { lostNotes, noteSubject } from '../selectors/notes.ts'
import { hasDatabase } from '../storage/hasDatabase.ts'

/** The longest list of people in a notice. */
const mostPeople = 3

export const createNotes: Slice<NotesSlice> = (set, get, { gallery }) => {
  const writeInTurn = inTurn()
  /** The books of this visit by digest, as the database may fail. */
  const books = new Map<string, NoteBook>()
  /** The file of the model, or the digest, to which the notes on the page belong. */
  let subject: File | string | null = null
  /** The search for notes that is under way, or the last one; and the file that is taken in, or the last one. */
  let finding: Promise<void> = Promise.resolve()
  let taking: Promise<void> = Promise.resolve()
  /** What was written before the model's digest was known. */
  let early: Change[] = []
  /** Grows with each change that is made here. */
  let changes = 0
  let isFollowing = false
  let isTold = false

  const show = (notes: NoteBook): void => {
    const { notesOf } = get()
    if (notesOf) books.set(notesOf.sha256, notes)
    set({ notes })
  }

  /** Replaces the notes of some channels, on the page and in the browser. */
  const change = (entries: readonly Entry<ChannelNotes>[]): void => {
    if (entries.length === 0) return
    changes++
    const { notes, notesOf } = get()
    const made = changesOf(notes, entries)
    show(withEntries(notes, entries))
    if (notesOf) keep(notesOf.sha256, made)
    else early = [...early, ...made]
  }

  const keep = (sha256: string, made: readonly Change[]): void => {
    void writeInTurn(async () => {
      try {
        if (!hasDatabase()) throw new Error('it has no database for pages')
        const isMerged = await (await noteStorage()).writeChanges(sha256, made)
        if (isMerged) void refresh(sha256)
      } catch (error) {
        if (isTold) return
        isTold = true
        get().notify('warning', sentence('notes/not-kept', { reason: messageOf(error) }))
      }
    })
  }

  /** Replaces notes about a model that may not be the shown one any more. */
  const changeOf = async (
    sha256: string,
    entries: (now: NoteBook) => readonly Entry<ChannelNotes>[],
  ): Promise<void> => {
    const isShown = (): boolean => get().notesOf?.sha256 === sha256
    const kept = isShown() ? emptyBook : await stored(sha256)
    if (isShown()) {
      change(entries(get().notes))
      set(({ notesRead }) => ({ notesRead: notesRead + 1 }))
      return
    }
    const changed = entries(kept)
    books.set(sha256, withEntries(kept, changed))
    keep(sha256, changesOf(kept, changed))
  }

  /** The kept notes about a model. */
  const stored = async (sha256: string): Promise<NoteBook> => {
    const known = books.get(sha256) ?? emptyBook
    if (!hasDatabase()) return known
    try {
      const { readBook, readAuthor, followOtherTabs } = await noteStorage()
      if (!isFollowing) {
        isFollowing = true
        followOtherTabs((about) => void refresh(about))
      }
      await writeInTurn(() => undefined)
      const [book, author] = await Promise.all([readBook(sha256), readAuthor()])
      set({ author: get().author ?? author })
      return book
    } catch (error) {
      // Nothing is kept where the page may store nothing, which is told when there is something to keep.
      if (error instanceof DOMException && error.name === 'SecurityError') return known
      get().notify('warning', sentence('notes/not-found', { reason: messageOf(error) }))
      return known
    }
  }

  /** Takes in what another tab has written. */
  const refresh = async (sha256: string): Promise<void> => {
    if (get().notesOf?.sha256 !== sha256) return
    const before = changes
    const book = await stored(sha256)
    if (get().notesOf?.sha256 !== sha256) return
    // What was written here meanwhile is not in the book yet.
    if (changes !== before) return refresh(sha256)
    show(book)
  }

  const find = async (): Promise<void> => {
    const state = get()
    const model = noteSubject(state)
    const now = model === null ? null : 'file' in model ? model.file : model.sha256
    if (now === subject && state.notesOf) return
    // A results file and its model, opened after it, are one subject.
    const mayBeSame = typeof now !== typeof subject && now !== null && subject !== null
    if (now !== subject) {
      subject = now
      early = []
      if (!mayBeSame) set({ notes: emptyBook, notesOf: null })
    }
    if (model === null) return
    const sha256 = 'file' in model ? await digestModel(model, gallery.remote) : model.sha256
    if (subject !== now || get().notesOf?.sha256 === sha256) return
    const book = await stored(sha256)
    if (subject !== now) return
    const written = early
    early = []
    set(({ notesRead }) => ({ notesOf: { name: model.name, sha256 }, notesRead: notesRead + 1 }))
    const merged = written.reduce(
      (all, { layer, channel, before, notes }) =>
        withEntries(all, [
          { layer, channel, notes: mergeEdits(notesAt(all, layer, channel), before, notes) },
        ]),
      book,
    )
    show(merged)
    if (written.length > 0) keep(sha256, written)
  }

  /** Adds what was read to the notes of the model that it is about, and says what has come in. */
  const take = async ({ model, entries }: ReadNotes, file: string, isSilent: boolean): Promise<void> => {
    await finding
    const { notesOf, notify } = get()
    const me = get().author ?? ''
    const about = notesOf ?? (model.sha256 === '' ? null : model)
    if (!about) throw appError('notes/no-model', { file })
    const book = notesOf ? get().notes : await stored(about.sha256)
    const merged = mergeNotes(book, entries, me)
    if (merged.added === 0) {
      if (!isSilent) notify('info', sentence('notes/nothing-new', { file }))
      return
    }
    await changeOf(about.sha256, () => merged.entries)
    const undo = (): Promise<void> => changeOf(about.sha256, (now) => unmerged(now, merged))
    const text = notesOf
      ? mergedText(get(), merged, entries, file, model.sha256 === notesOf.sha256 ? null : model.name || null)
      : sentence('notes/for-later', { file, count: merged.added, model: about.name })
    notify('info', text, { label: 'Undo', run: () => void undo().catch(get().report) })
  }

  return {
    notes: emptyBook,
    notesOf: null,
    notesRead: 0,
    author: null,
    findNotes() {
      finding = find().catch((error: unknown) => void get().report(error))
      return finding
    },
    setNote(layer, channel, asked) {
      const before = notesAt(get().notes, layer, channel)
      const own = before.own ?? { ...blankNote, star: shownNote(before).star }
      const next: Note = { ...own, ...trimmed(asked), changed: new Date().toISOString() }
      if (!saysTheSame(own, next)) change([{ layer, channel, notes: { ...before, own: next } }])
    },
    async openNotes(file) {
      try {
        const { readNotesText } = await import('../../core/notes/readNotes.ts')
        const text = await file.text().catch((error: unknown) => {
          throw appError('notes/unreadable', { file: file.name, reason: messageOf(error) })
        })
        await take(readNotesText(text, file.name), file.name, false)
        return true
      } catch (error) {
        get().report(error)
        return false
      }
    },
    async takeNotes(record, file) {
      const reading = async (): Promise<void> => {
        const { readNotes } = await import('../../core/notes/readNotes.ts')
        await take(readNotes(record, file), file, true)
      }
      taking = reading().catch((error: unknown) => void get().report(error))
      await taking
    },
    async settledNotes() {
      await taking
      await finding
      const { notes, notesOf, author } = get()
      return { notes, notesOf, author }
    },
    forgetPerson(author) {
      const entries = entriesOf(get().notes).flatMap(({ layer, channel, notes }) => {
        const theirs = notes.others.filter((note) => note.author === author)
        return theirs.length > 0 ? [{ layer, channel, notes, theirs }] : []
      })
      const count = entries.reduce((sum, { theirs }) => sum + theirs.length, 0)
      if (count === 0 || !get().notesOf) return
      change(
        entries.map(({ layer, channel, notes }) => ({
          layer,
          channel,
          notes: { ...notes, others: notes.others.filter((note) => note.author !== author) },
        })),
      )
      const incoming = entries.flatMap(({ layer, channel, theirs }) =>
        theirs.map((note) => ({ layer, channel, notes: note })),
      )
      const { sha256 } = get().notesOf!
      const undo = (): Promise<void> =>
        changeOf(sha256, (now) => mergeNotes(now, incoming, get().author ?? '').entries)
      get().notify('info', sentence('notes/person-removed', { author, count }), {
        label: 'Undo',
        run: () => void undo().catch(get().report),
      })
    },
    setAuthor(author) {
      const name = author.trim()
      if (name === get().author) return
      set({ author: name })
      change(claimNotes(get().notes, name))
      if (!hasDatabase()) return
      void noteStorage()
        .then(({ writeAuthor }) => writeAuthor(name))
        .catch((error: unknown) =>
          get().notify('warning', sentence('notes/not-kept', { reason: messageOf(error) })),
        )
    },
  }
}

/** What is changed in the notes of some channels. */
function changesOf(book: NoteBook, entries: readonly Entry<ChannelNotes>[]): Change[] {
  return entries.map((entry) => ({ ...entry, before: notesAt(book, entry.layer, entry.channel) }))
}

/** Texts without spaces around them. */
function trimmed(asked: Partial<Note>): Partial<Note> {
  return Object.fromEntries(
    Object.entries(asked).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]),
  )
}

function mergedText(
  state: AppState,
  { added, entries }: Merged,
  incoming: ReadNotes['entries'],
  file: string,
  from: string | null,
): string {
  const names = [...new Set(incoming.map(({ notes }) => notes.author))].filter((name) => name !== '')
  const people =
    names.length > mostPeople
      ? `${names.slice(0, mostPeople).join(', ')} and ${names.length - mostPeople} more`
      : names.join(', ')
  const gone = lostNotes(state).filter(({ layer, channel }) =>
    entries.some((entry) => entry.layer === layer && entry.channel === channel),
  )
  const [first] = gone
  const lost = first
    ? sentence('notes/lost', {
        count: gone.length,
        model: state.notesOf!.name,
        first: `channel ${first.channel} of ${first.layer}`,
      })
    : ''
  return sentence('notes/merged', { file, added, people, from, lost })
}
