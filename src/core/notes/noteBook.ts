/** @file The notes of a model's channels. A book is never changed: each change makes another one. */
import { isBlank, type ChannelNotes, noNotes, type Note, saysTheSame, type SignedNote } from './note.ts'

/** By layer name and channel. Layers and channels that the model does not have may be among them. */
export type NoteBook = ReadonlyMap<string, ReadonlyMap<number, ChannelNotes>>

export const emptyBook: NoteBook = new Map()

/** A channel with what is written about it. */
export interface Entry<T> {
  readonly layer: string
  readonly channel: number
  readonly notes: T
}

export function notesAt(book: NoteBook, layer: string, channel: number): ChannelNotes {
  return book.get(layer)?.get(channel) ?? noNotes
}

/** All channels that have notes, by layer in the order in which they came in, and by number. */
export function entriesOf(book: NoteBook): Entry<ChannelNotes>[] {
  return [...book].flatMap(([layer, channels]) =>
    [...channels].toSorted(([a], [b]) => a - b).map(([channel, notes]) => ({ layer, channel, notes })),
  )
}

/** Replaces what is written about these channels. Channels without notes leave the book. */
export function withEntries(book: NoteBook, entries: readonly Entry<ChannelNotes>[]): NoteBook {
  const changed = new Map<string, Map<number, ChannelNotes>>()
  for (const { layer, channel, notes } of entries) {
    if (!changed.has(layer)) changed.set(layer, new Map(book.get(layer)))
    const channels = changed.get(layer)!
    if (isEmpty(notes)) channels.delete(channel)
    else channels.set(channel, notes)
  }
  const next = new Map(book)
  for (const [layer, channels] of changed) {
    if (channels.size > 0) next.set(layer, channels)
    else next.delete(layer)
  }
  return next
}

/** A blank note counts as long as others have written something, as it may take back their star. */
function isEmpty({ own, others }: ChannelNotes): boolean {
  return others.length === 0 && (own === null || isBlank(own))
}

export interface Merged {
  /** The channels with something new, as they are after the merge, and as they were before. */
  readonly entries: readonly (Entry<ChannelNotes> & { readonly before: ChannelNotes })[]
  /** The number of notes that are new. */
  readonly added: number
}

/**
 * Adds notes of a file to the book of the person `me`. Nothing is overwritten: a note that says something else than the
 * one that is there stands beside it. Notes of the same person are hers: they become own ones if there is none, or if
 * they are later than it. Notes that are there already, or say nothing, add nothing.
 */
export function mergeNotes(book: NoteBook, incoming: readonly Entry<SignedNote>[], me: string): Merged {
  const after = new Map<string, Entry<ChannelNotes> & { before: ChannelNotes }>()
  let added = 0
  for (const { layer, channel, notes: note } of incoming) {
    if (isBlank(note)) continue
    const key = `${channel} ${layer}`
    const before = after.get(key)?.before ?? notesAt(book, layer, channel)
    const now = after.get(key)?.notes ?? before
    const notes = withNote(now, note, me)
    if (notes === now) continue
    added++
    after.set(key, { layer, channel, notes, before })
  }
  return { entries: [...after.values()], added }
}

function withNote(notes: ChannelNotes, incoming: SignedNote, me: string): ChannelNotes {
  const { own, others } = notes
  const { author, ...note } = incoming
  const isMine = author === me
  if (isMine && own && saysTheSame(own, note)) return notes
  if (others.some((other) => other.author === author && saysTheSame(other, note))) return notes
  if (isMine && own === null) return { own: note, others }
  // Two people without a name may be two people, so only those with a name replace what they wrote earlier.
  if (isMine && me !== '' && own && note.changed > own.changed)
    return { own: note, others: isBlank(own) ? others : sorted([...others, { ...own, author }]) }
  return { own, others: sorted([...others, incoming]) }
}

/** What makes notes her own that came in under the name `me` before the person had that name here. */
export function claimNotes(book: NoteBook, me: string): Entry<ChannelNotes>[] {
  if (me === '') return []
  return entriesOf(book).flatMap(({ layer, channel, notes: { own, others } }) => {
    const hers = others.filter(({ author }) => author === me)
    if (hers.length === 0) return []
    const start: ChannelNotes = { own, others: others.filter(({ author }) => author !== me) }
    return [{ layer, channel, notes: hers.reduce((notes, note) => withNote(notes, note, me), start) }]
  })
}

/** Puts the notes in an order that does not depend on which file came first. */
function sorted(notes: readonly SignedNote[]): SignedNote[] {
  const keyOf = ({ author, changed, name, note }: SignedNote): string[] => [author, changed, name, note]
  const keys = new Map(notes.map((one) => [one, JSON.stringify(keyOf(one))]))
  return notes.toSorted((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1))
}

/** What takes a merge back, but nothing that was written since. */
export function unmerged(book: NoteBook, { entries }: Merged): Entry<ChannelNotes>[] {
  return entries.map(({ layer, channel, notes: merged, before }) => {
    const now = notesAt(book, layer, channel)
    const isUntouched = isSame(now.own, merged.own)
    const stays = (note: SignedNote): boolean =>
      before.others.some((other) => isSameSigned(other, note)) ||
      !merged.others.some((other) => isSameSigned(other, note)) ||
      // The own note of before, whose successor was changed since.
      (!isUntouched && isSame(before.own, note))
    return {
      layer,
      channel,
      notes: { own: isUntouched ? before.own : now.own, others: now.others.filter(stays) },
    }
  })
}

function isSame(a: Note | null, b: Note | null): boolean {
  return a === b || (a !== null && b !== null && a.changed === b.changed && saysTheSame(a, b))
}

function isSameSigned(a: SignedNote, b: SignedNote): boolean {
  return a.author === b.author && isSame(a, b)
}
