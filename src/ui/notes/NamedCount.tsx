/** @file How many channels of a layer have a name, as a button that shows all names and notes. */
import { NotebookPen, PenLine } from 'lucide-react'
import { channelCount } from '../../core/model/network.ts'
import { namedInLayer } from '../../state/selectors/notes.ts'
import { shapeOf } from '../../state/selectors/shown.ts'
import { PageButton } from '../common/PageButton.tsx'
import { useApp } from '../useApp.ts'

export function NamedCount() {
  const text = useApp((state) => {
    const shape = shapeOf(state, state.layer)
    if (!shape || state.layer === null || state.notes.size === 0) return 'Names'
    const [done, of] = [namedInLayer(state, state.layer), channelCount(shape)]
    return `${done.toLocaleString('en')} of ${of.toLocaleString('en')} named`
  })
  return (
    <PageButton
      page="notes"
      Icon={NotebookPen}
      text={text}
      label={`${text}, all names and notes`}
      hint="All names and notes of this model"
    />
  )
}

/** The same for a row of the list of layers, if there are some. */
export function LayerNamed({ layer }: { layer: string }) {
  const done = useApp((state) => namedInLayer(state, layer))
  if (done === 0) return null
  return (
    <span className="layer-named" title={`${done.toLocaleString('en')} channels named`}>
      <PenLine size={11} aria-hidden /> {done.toLocaleString('en')}
      <span className="visually-hidden"> named, </span>
    </span>
  )
}
