/** @file Says that the user has removed a part of a note, and brings it back. */
import { sentence } from '../../core/errors.ts'
import type { Note } from '../../core/notes/note.ts'
import { useAppStore } from '../useApp.ts'

/** `what` begins the sentence: `The note`. */
export function useRemovedNote(
  layer: string,
  channel: number,
): (what: string, before: Partial<Note>) => void {
  const { getState } = useAppStore()
  return (what, before) => {
    const { notify, notesOf } = getState()
    notify('info', sentence('notes/removed', { what, layer, channel }), {
      label: 'Undo',
      run() {
        // The channel of another model is another one.
        if (getState().notesOf?.sha256 === notesOf?.sha256) getState().setNote(layer, channel, before)
      },
    })
  }
}
