/** @file The names and notes about the shown model, to be saved and given to others. */
import { notesEnding, type NotesFile, notesRecord, notesText } from '../../core/notes/notesFile.ts'
import type { AppState } from '../appState.ts'
import { type Exporter, stem } from './exporter.ts'

export const notesExporter: Exporter = {
  id: 'notes',
  label: 'Notes',
  ending: notesEnding,
  isWhole: true,
  applies: ({ notes }) => notes.size > 0,
  async make(state) {
    const record = await settledRecord(state)
    if (!record) return []
    const blob = new Blob([notesText(record)], { type: 'application/json' })
    const by = record.author && `-${record.author.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`
    return [{ name: `${stem(record.model.name)}${by}${notesEnding}`, blob }]
  },
  nothing: 'There are no notes to save: no channel of this model has a name, a star or a note.',
}

/** The notes as they are written into files; null if there are none. */
export async function settledRecord(state: AppState): Promise<NotesFile | null> {
  const { notes, notesOf, author } = await state.settledNotes()
  if (!notesOf) return null
  const record = notesRecord(notes, notesOf, author ?? '')
  return record.channels.length > 0 ? record : null
}
