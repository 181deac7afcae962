/** @file The choices of a filter by notes: kinds of notes, and the families and lists that there are. */
import type { NoteBook } from '../../core/notes/noteBook.ts'
import { usedWords } from '../../core/notes/shownNote.ts'

/** The id of the first one, which filters nothing, is empty. */
export function noteFilters(
  notes: NoteBook,
  chosen: string,
  any: string,
): { readonly id: string; readonly text: string }[] {
  const filters = [
    { id: '', text: any },
    { id: 'starred', text: 'Only starred' },
    { id: 'named', text: 'Only named' },
    { id: 'unnamed', text: 'Unnamed' },
    ...usedWords(notes, 'family').map((word) => ({ id: `family:${word}`, text: `Family ${word}` })),
    ...usedWords(notes, 'lists').map((word) => ({ id: `list:${word}`, text: `List ${word}` })),
  ]
  // A link may name a list that is not here.
  if (filters.some(({ id }) => id === chosen)) return filters
  return [...filters, { id: chosen, text: chosen.replace(/^family:/, 'Family ').replace(/^list:/, 'List ') }]
}
