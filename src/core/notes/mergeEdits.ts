/** @file Two edits of the notes about one channel, as of two tabs that have not heard of each other yet, become one. */
import { blankNote, type ChannelNotes, type Note } from './note.ts'

/**
 * `stored` with all that was changed from `before` to `after`: what was not changed stays as it is stored, field by field, and of a
 * field that both have changed the later edit, `after`, holds.
 */
export function mergeEdits(stored: ChannelNotes, before: ChannelNotes, after: ChannelNotes): ChannelNotes {
  return { own: ownOf(stored.own, before.own, after.own), others: othersOf(stored, before, after) }
}

function ownOf(stored: Note | null, before: Note | null, after: Note | null): Note | null {
  if (after === null) return before === null ? stored : null
  if (stored === null || isSame(stored, before)) return after
  const base = before ?? blankNote
  const kept = <K extends keyof Note>(key: K): Note[K] =>
    isSame(after[key], base[key]) ? stored[key] : after[key]
  return {
    name: kept('name'),
    family: kept('family'),
    sure: kept('sure'),
    star: kept('star'),
    note: kept('note'),
    lists: kept('lists'),
    changed: after.changed > stored.changed ? after.changed : stored.changed,
  }
}

/** Those that were added elsewhere are there too, and those that were taken away here are not. */
function othersOf(stored: ChannelNotes, before: ChannelNotes, after: ChannelNotes): ChannelNotes['others'] {
  const known = [...before.others, ...after.others]
  const added = stored.others.filter((one) => !known.some((other) => isSame(one, other)))
  return added.length === 0 ? after.others : [...after.others, ...added]
}

/** Of plain data, with keys in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
