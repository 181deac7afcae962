/** @file What people write about a channel: a name, and what belongs to it. */

export interface Note {
  readonly name: string
  /** A kind of channels, as "eyes" or "edges"; empty if the channel belongs to none. */
  readonly family: string
  /** Whether the writer is sure of the name. */
  readonly sure: boolean
  readonly star: boolean
  /** Free text. */
  readonly note: string
  /** The names of the lists to which the channel was added. */
  readonly lists: readonly string[]
  /** When it was last changed, as an ISO date; empty if that is not known. */
  readonly changed: string
}

/** What one person has written. */
export interface SignedNote extends Note {
  /** The person's name; empty if it is not known. */
  readonly author: string
}

/** All that is written about one channel. */
export interface ChannelNotes {
  /** What was written in this browser. */
  readonly own: Note | null
  /** What has come in from files, also earlier notes of the same people. */
  readonly others: readonly SignedNote[]
}

export const blankNote: Note = {
  name: '',
  family: '',
  sure: true,
  star: false,
  note: '',
  lists: [],
  changed: '',
}

export const noNotes: ChannelNotes = { own: null, others: [] }

/** Whether it says nothing. */
export function isBlank({ name, family, star, note, lists }: Note): boolean {
  return name === '' && family === '' && !star && note === '' && lists.length === 0
}

/** Whether two notes say the same, whenever they were written. */
export function saysTheSame(a: Note, b: Note): boolean {
  return (
    a.name === b.name &&
    a.family === b.family &&
    a.sure === b.sure &&
    a.star === b.star &&
    a.note === b.note &&
    a.lists.length === b.lists.length &&
    a.lists.every((list) => b.lists.includes(list))
  )
}

/**
 * What two names have in common if they count as the same: case, spaces around and between words, and the way in which
 * accents are written do not matter.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
}
