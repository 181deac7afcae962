/** @file What is shown of a channel's notes: the user's own, and those of others as long as there is none. */
import { agreementOf } from './agreement.ts'
import { type ChannelNotes, type Note, blankNote, nameKey, type SignedNote } from './note.ts'
import { emptyBook, entriesOf, type NoteBook, notesAt } from './noteBook.ts'

/** Each channel's notes are looked at again and again by tiles, lists and filters. */
const shown = new WeakMap<ChannelNotes, Note>()

/**
 * The user's own name, family and text; for each that she left empty, the name that most people gave and the first text
 * of others. Stars of others count until the user has written something.
 */
export function shownNote(notes: ChannelNotes): Note {
  const known = shown.get(notes)
  if (known) return known
  const { own, others } = notes
  const name = own?.name || (agreementOf({ own: null, others }, '')?.names[0]?.name ?? '')
  const isOfOthers = !own?.name && name !== ''
  const from = (pick: (note: Note) => string): string =>
    (own && pick(own)) || (others.map(pick).find((text) => text !== '') ?? '')
  const made: Note = {
    ...(own ?? blankNote),
    name,
    family: from(({ family }) => family),
    note: from(({ note }) => note),
    sure: isOfOthers
      ? others.some((other) => nameKey(other.name) === nameKey(name) && other.sure)
      : (own?.sure ?? true),
    star: own ? own.star : others.some(({ star }) => star),
    lists: [...new Set([...(own?.lists ?? []), ...others.flatMap(({ lists }) => lists)])],
  }
  shown.set(notes, made)
  return made
}

export function nameIn(book: NoteBook, layer: string, channel: number): string {
  const notes = book.get(layer)?.get(channel)
  return notes ? shownNote(notes).name : ''
}

/** The number of a layer's channels below `channels` that have a name. */
export function namedIn(book: NoteBook, layer: string, channels: number): number {
  let named = 0
  for (const [channel, notes] of book.get(layer) ?? [])
    if (channel < channels && shownNote(notes).name !== '') named++
  return named
}

/** Which channels are shown by their notes: `named`, `unnamed`, `starred`, `family:…` or `list:…`. */
export type NoteFilter = string

export function passes(filter: NoteFilter, { name, star, family, lists }: Note): boolean {
  if (filter === 'named') return name !== ''
  if (filter === 'unnamed') return name === ''
  if (filter === 'starred') return star
  const [, kind, wanted] = /^(family|list):(.*)$/s.exec(filter) ?? []
  if (kind === 'family') return nameKey(family) === nameKey(wanted!)
  if (kind === 'list') return lists.some((list) => nameKey(list) === nameKey(wanted!))
  // A filter of a later version hides nothing.
  return true
}

/** Whether the channel of a layer passes. */
export function noteTest(filter: NoteFilter, book: NoteBook, layer: string): (channel: number) => boolean {
  return (channel) => passes(filter, shownNote(notesAt(book, layer, channel)))
}

/** All families or lists that are used, as first written, sorted by their letters. */
export function usedWords(book: NoteBook, of: 'family' | 'lists'): string[] {
  const words = new Map<string, string>()
  for (const { notes } of entriesOf(book)) {
    const note = shownNote(notes)
    for (const word of of === 'family' ? [note.family] : note.lists)
      if (word !== '' && !words.has(nameKey(word))) words.set(nameKey(word), word)
  }
  return [...words.values()].toSorted((a, b) => a.localeCompare(b, 'en'))
}

export interface Found {
  readonly layer: string
  readonly channel: number
  readonly note: Note
  /** All names that people gave, that of `note` included. */
  readonly names: readonly string[]
}

/**
 * Channels with the text in a name, a family, a list or a note, in all layers: those first whose name is the text or begins with
 * it, then by layer and number as they are in the book.
 */
export function searchNotes(text: string, book: NoteBook = emptyBook, most = Infinity): Found[] {
  const wanted = nameKey(text)
  if (wanted === '') return []
  return entriesOf(book)
    .flatMap(({ layer, channel, notes }): (Found & { rank: number })[] => {
      const note = shownNote(notes)
      const names = namesIn(notes)
      const rank = rankOf(wanted, note, names, notes.others)
      return rank === null ? [] : [{ layer, channel, note, names, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ layer, channel, note, names }) => ({ layer, channel, note, names }))
}

function namesIn({ own, others }: ChannelNotes): string[] {
  return [...new Set([own?.name ?? '', ...others.map(({ name }) => name)])].filter((name) => name !== '')
}

function rankOf(
  wanted: string,
  note: Note,
  names: readonly string[],
  others: readonly SignedNote[],
): number | null {
  const keys = names.map(nameKey)
  if (keys.includes(wanted)) return 0
  if (keys.some((key) => key.startsWith(wanted))) return 1
  const texts = [...names, note.family, ...note.lists, note.note, ...others.map((other) => other.note)]
  return texts.some((text) => nameKey(text).includes(wanted)) ? 2 : null
}
