/** @file The names that several people gave to a channel, and how far they agree. */
import { type ChannelNotes, nameKey, type SignedNote } from './note.ts'

export interface GivenName {
  /** As the user wrote it, or else the first of them. */
  readonly name: string
  /** The user is the first, if she gave it. Empty texts are people whose names are not known. */
  readonly authors: readonly string[]
}

export interface Agreement {
  /** The most common name first; those that are as common, by their letters. */
  readonly names: readonly GivenName[]
  /** The number of people who gave a name. */
  readonly people: number
  /** The share of the most common name: 1 if all agree. */
  readonly share: number
}

/**
 * Counts names that differ in case and spaces only as one (`nameKey`). Each person counts once, with her latest name;
 * each note without an author counts as one person. Null if nobody has given a name.
 */
export function agreementOf({ own, others }: ChannelNotes, me: string): Agreement | null {
  const mine: SignedNote | null = own && { ...own, author: me }
  const all = [...(mine ? [mine] : []), ...others]
  const votes = all
    .filter(({ name }) => name !== '')
    .filter((note, at, named) => note.author === '' || at === latestOf(note.author, named))
    .toSorted(
      (a, b) =>
        Number(b === mine) - Number(a === mine) ||
        compare(a.changed, b.changed) ||
        compare(a.author, b.author),
    )
  if (votes.length === 0) return null
  const byName = new Map<string, { name: string; authors: string[] }>()
  for (const { name, author } of votes) {
    const key = nameKey(name)
    if (!byName.has(key)) byName.set(key, { name, authors: [] })
    byName.get(key)!.authors.push(author)
  }
  const names = [...byName]
    .toSorted(([a, one], [b, other]) => other.authors.length - one.authors.length || compare(a, b))
    .map(([, given]) => given)
  return { names, people: votes.length, share: names[0]!.authors.length / votes.length }
}

/** The index of the author's latest note; the earlier in the list if two are as late. */
function latestOf(author: string, notes: readonly SignedNote[]): number {
  let latest = -1
  for (const [at, note] of notes.entries())
    if (note.author === author && (latest < 0 || note.changed > notes[latest]!.changed)) latest = at
  return latest
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
