/** @file Which model the notes are about, and what is shown of them. */
import { type Agreement, agreementOf } from '../../core/notes/agreement.ts'
import type { ChannelNotes, Note } from '../../core/notes/note.ts'
import { notesAt } from '../../core/notes/noteBook.ts'
import { namedIn, nameIn, shownNote } from '../../core/notes/shownNote.ts'
import { channelCount } from '../../core/model/network.ts'
import type { RecordedHead } from '../../core/results/recordedFile.ts'
import type { AppState } from '../appState.ts'
import type { OpenModel } from '../model/openModel.ts'
import { aloneOf, shapeOf } from './shown.ts'

/** The model of what is shown, or that of an opened results file if that is all there is. */
export function noteSubject(state: AppState): OpenModel | RecordedHead['model'] | null {
  return aloneOf(state)?.model ?? state.model
}

export function channelNotes({ notes }: AppState, layer: string, channel: number): ChannelNotes {
  return notesAt(notes, layer, channel)
}

export function noteOf(state: AppState, layer: string, channel: number): Note {
  return shownNote(channelNotes(state, layer, channel))
}

/** The name that is shown of a channel; empty if it has none. */
export function nameOfChannel({ notes }: AppState, layer: string | null, channel: number): string {
  return layer === null ? '' : nameIn(notes, layer, channel)
}

/** The names that people gave to a channel; null if there is none. */
export function agreementAt(state: AppState, layer: string, channel: number): Agreement | null {
  return agreementOf(channelNotes(state, layer, channel), state.author ?? '')
}

/** How many channels of a layer have a name. */
export function namedInLayer(state: AppState, layer: string): number {
  if (!state.notes.has(layer)) return 0
  const shape = shapeOf(state, layer)
  return shape ? namedIn(state.notes, layer, channelCount(shape)) : 0
}

/** The channels with notes that the shown layers do not have. */
export function lostNotes(state: AppState): { readonly layer: string; readonly channel: number }[] {
  return [...state.notes].flatMap(([layer, channels]) => {
    const shape = shapeOf(state, layer)
    const count = shape ? channelCount(shape) : 0
    return [...channels.keys()].filter((channel) => channel >= count).map((channel) => ({ layer, channel }))
  })
}
