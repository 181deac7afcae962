/** @file The channels of the shown layer, and how they are shown. */
import { Switch } from 'react-aria-components'
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import { Choice } from '../common/Choice.tsx'
import { formatPair, formatShape } from '../common/format.ts'
import { PreprocessingSuggestion } from '../images/PreprocessingSuggestion.tsx'
import { LayerNotes } from '../model/LayerNotes.tsx'
import { UrPatchButton } from '../model/UrPatchButton.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { useApp } from '../useApp.ts'
import { ChannelGrid } from './ChannelGrid.tsx'
import { WideFieldNote } from './WideFieldNote.tsx'

const sortNames = { number: 'By number', activation: 'By activation', class: 'By class share' } as const

export function MosaicPanel() {
  const layer = useApp((state) => state.layer)
  return (
    <section className="mosaics" aria-label="Mosaics">
      <PreprocessingSuggestion />
      <Toolbar />
      <WideFieldNote />
      <TourStop place="mosaics" />
      {layer === null ? (
        <p className="empty">This model has no layer that can be scanned.</p>
      ) : (
        <ChannelGrid layer={layer} />
      )}
    </section>
  )
}

function Toolbar() {
  const model = useApp((state) => state.model)!
  const layerName = useApp((state) => state.layer)
  const sort = useApp((state) => state.sort)
  const hideDead = useApp((state) => state.hideDead)
  const tileSize = useApp((state) => state.tileSize)
  const k = useApp((state) => state.k)
  const setView = useApp((state) => state.setView)
  const setK = useApp((state) => state.setK)
  const index = model.network.layers.findIndex(({ name }) => name === layerName)
  const layer = model.network.layers[index]
  const field = model.fields[index]
  return (
    <>
      <div className="toolbar">
        {layer && layer.op !== null && (
          <h2 className="toolbar-title">
            {layer.name}
            <span className="muted">
              {' '}
              {formatShape(layer.shape)} ·{' '}
              {field && !field.whole
                ? `patch ${formatShape(field.size)}, step ${formatPair(field.stride)}`
                : 'each unit sees the whole image'}
            </span>
          </h2>
        )}
        {layer && <UrPatchButton text="Ur-patch" />}
        <span className="spacer" />
        <Choice
          label="Sort"
          value={sort}
          options={channelSorts.map((id) => ({ id, text: sortNames[id] }))}
          onChange={(value) => setView({ sort: value })}
        />
        <Choice
          label="Tile size"
          value={tileSize}
          options={[
            { id: 'small', text: 'Small' },
            { id: 'medium', text: 'Medium' },
            { id: 'large', text: 'Large' },
          ]}
          onChange={(value) => setView({ tileSize: value })}
        />
        <Choice
          label="Patches a mosaic"
          value={k}
          options={[9, 16, 25].map((id) => ({ id, text: `${Math.sqrt(id)}×${Math.sqrt(id)}` }))}
          onChange={setK}
        />
        <Switch className="switch" isSelected={hideDead} onChange={(value) => setView({ hideDead: value })}>
          <span className="switch-track" aria-hidden />
          Hide dead
        </Switch>
      </div>
      <LayerNotes index={index} />
    </>
  )
}
