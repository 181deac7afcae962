/** @file The grid of channels of the shown layer, and how it is laid out. */
import { useMemo } from 'react'
import { GridLayout, GridList, GridListItem, Size, Switch, Virtualizer } from 'react-aria-components'
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import type { TileSize } from '../../state/view.ts'
import { Choice } from '../common/Choice.tsx'
import { formatPair, formatShape } from '../common/format.ts'
import { PreprocessingSuggestion } from '../images/PreprocessingSuggestion.tsx'
import { LayerNotes } from '../model/LayerNotes.tsx'
import { UrPatchButton } from '../model/UrPatchButton.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { useApp } from '../useApp.ts'
import { MosaicTile } from './MosaicTile.tsx'
import { useShownChannels } from './useShownChannels.ts'

/** CSS pixels of a mosaic. Small: to look over a layer; large: to see single pixels. */
const extents: Readonly<Record<TileSize, number>> = { small: 104, medium: 156, large: 260 }

/** Below the mosaic: one line, and the frame. */
const captionHeight = 28
const frame = 12

const sortNames = { number: 'By number', activation: 'By activation', class: 'By class share' } as const

export function MosaicPanel() {
  const layer = useApp((state) => state.layer)
  return (
    <section className="mosaics" aria-label="Mosaics">
      <PreprocessingSuggestion />
      <Toolbar />
      <TourStop place="mosaics" />
      {layer === null ? (
        <p className="empty">This model has no layer that can be scanned.</p>
      ) : (
        <Grid layer={layer} />
      )}
    </section>
  )
}

function Grid({ layer }: { layer: string }) {
  const channels = useShownChannels()
  const channel = useApp((state) => state.channel)
  const tileSize = useApp((state) => state.tileSize)
  const showChannel = useApp((state) => state.showChannel)
  const extent = extents[tileSize]
  const items = useMemo(() => channels.map((id) => ({ id })), [channels])
  const options = useMemo(() => {
    const size = new Size(extent + frame, extent + captionHeight + frame)
    return {
      minItemSize: size,
      maxItemSize: size,
      minSpace: new Size(4, 4),
      maxHorizontalSpace: 12,
      preserveAspectRatio: true,
    }
  }, [extent])
  return (
    <Virtualizer layout={GridLayout} layoutOptions={options}>
      <GridList
        className="channel-grid"
        aria-label="Channels"
        layout="grid"
        items={items}
        dependencies={[extent, layer]}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={channel === null ? [] : [channel]}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<number>
          if (key !== undefined) showChannel(key)
        }}
      >
        {({ id }) => (
          <GridListItem className="channel-item" id={id} textValue={`Channel ${id}`}>
            <MosaicTile layer={layer} channel={id} extent={extent} />
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
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
