/** @file How channels are shown: in the toolbar, or where there is no room for it in a sheet behind a button. */
import { SlidersHorizontal } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Heading, Popover, Switch } from 'react-aria-components'
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'

const sortNames = { number: 'By number', activation: 'By activation', class: 'By class share' } as const

export function ViewControls() {
  const sort = useApp((state) => state.sort)
  const hideDead = useApp((state) => state.hideDead)
  const tileSize = useApp((state) => state.tileSize)
  const k = useApp((state) => state.k)
  const setView = useApp((state) => state.setView)
  const setK = useApp((state) => state.setK)
  return (
    <div className="view-controls">
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
  )
}

export function ViewMenu() {
  return (
    <DialogTrigger>
      <Button className="button quiet view-menu">
        <SlidersHorizontal size={16} aria-hidden />
        View
      </Button>
      <Popover className="popover view-sheet" placement="bottom end">
        <Dialog className="dialog">
          <Heading slot="title">View</Heading>
          <ViewControls />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
