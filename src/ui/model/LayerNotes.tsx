/** @file Notes about a layer that the user should know before trusting its boxes. */
import { aloneOf, fieldOf, modelOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'
import { seatNote } from './seatNote.ts'

export const contextNote =
  'Units also depend on statistics of the whole image (squeeze-and-excitation or group normalization). The box shows what they see in place.'

/** Renders nothing if there is nothing to note. */
export function LayerNotes({ index }: { index: number }) {
  const model = useApp(modelOf)
  const recorded = useApp(aloneOf)?.layers[index]
  const layer = model?.network.layers[index]
  const name = (layer ?? recorded)?.name ?? null
  const seat = useApp((state) => fieldOf(state, name))?.seat
  const notes = [
    seat ? seatNote(seat) : null,
    (model?.fields[index] ?? recorded)?.globalContext ? contextNote : null,
    layer && layer.op !== null ? layer.note : null,
  ].filter((note) => note !== null && note !== undefined)
  if (notes.length === 0) return null
  return <p className="layer-notes muted">{notes.join(' ')}</p>
}
