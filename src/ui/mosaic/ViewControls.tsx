/** @file The controls of how mosaics are shown: below the toolbar, or in a sheet behind a button if there is no room. */
import { ArrowDownWideNarrow, ArrowUpNarrowWide, WandSparkles } from 'lucide-react'
import { ToggleButton } from 'react-aria-components'
import { type ChannelSort, sortOrders } from '../../core/mosaic/channelOrder.ts'
import { modelOf } from '../../state/selectors/shown.ts'
import { Choice } from '../common/Choice.tsx'
import { named } from '../common/named.ts'
import { useApp } from '../useApp.ts'
import { Filter, FilterChips, FilterMenu } from './Filter.tsx'

/** With `inSheet` the controls stand below each other. */
export function ViewControls({ inSheet = false }: { inSheet?: boolean }) {
  const sort = useApp((state) => state.sort)
  const reversed = useApp((state) => state.reversed)
  const tileSize = useApp((state) => state.tileSize)
  const k = useApp((state) => state.k)
  const setView = useApp((state) => state.setView)
  const setK = useApp((state) => state.setK)
  return (
    <div className="view-controls">
      <Choice
        label="Sort"
        value={sort}
        options={sortOrders.map(({ id, label }) => ({ id, text: label }))}
        onChange={(value) => setView({ sort: value })}
      />
      <ToggleButton
        className="icon-button"
        aria-label="Reverse the order"
        {...named()}
        isSelected={reversed}
        onChange={(value) => setView({ reversed: value })}
      >
        {isAscending(sort, reversed) ? <ArrowUpNarrowWide size={16} /> : <ArrowDownWideNarrow size={16} />}
      </ToggleButton>
      {inSheet ? <Filter /> : <FilterMenu />}
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
      <Synthesized />
      {!inSheet && <FilterChips />}
    </div>
  )
}

/** Whether tiles show pictures that are made for their channels, while nothing else goes on, and which. */
function Synthesized() {
  const { tiles, way } = useApp((state) => state.synthesis)
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  const setSynthesis = useApp((state) => state.setSynthesis)
  if (!canRun) return null
  return (
    <>
      <ToggleButton
        className="icon-button toggle-button"
        aria-label="Synthesized"
        {...named('Pictures that are made for the channels, in place of their patches')}
        isSelected={tiles}
        onChange={(value) => setSynthesis({ tiles: value })}
      >
        <WandSparkles size={16} />
      </ToggleButton>
      {tiles && (
        <Choice
          label="Pictures of tiles"
          value={way}
          options={[
            { id: 'accentuate', text: 'Accentuated' },
            { id: 'nothing', text: 'From nothing' },
          ]}
          onChange={(value) => setSynthesis({ way: value })}
        />
      )}
    </>
  )
}

function isAscending(sort: ChannelSort, reversed: boolean): boolean {
  return (sort === 'number') !== reversed
}
