/** @file Results and pictures to save. */
import { Download } from 'lucide-react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { exportPictures, exportResults } from '../../state/exportResults.ts'
import { resultOf } from '../../state/shown.ts'
import { saveFile } from '../common/saveFile.ts'
import { useApp, useAppStore } from '../useApp.ts'

export function ExportMenu() {
  const { getState, services } = useAppStore()
  const hasResults = useApp((state) => state.results.size > 0)
  const hasLayer = useApp((state) => resultOf(state, state.layer) !== undefined)
  const channel = useApp((state) => state.channel)

  const save = (kind: 'results' | 'channel' | 'channels'): void => {
    void saving().catch(getState().report)
    async function saving(): Promise<void> {
      const state = getState()
      if (kind === 'results') {
        const file = await exportResults(state, services)
        if (file) saveFile(file)
        return
      }
      const result = resultOf(state, state.layer)
      const all = Array.from({ length: result?.channels ?? 0 }, (_, i) => i)
      const files = await exportPictures(state, services, kind === 'channel' ? [state.channel!] : all)
      for (const file of files) saveFile(file)
      if (files.length === 0) state.notify('info', 'There is no picture to save: the channel is dead.')
    }
  }

  const disabled = [...(hasLayer ? [] : ['channels']), ...(hasLayer && channel !== null ? [] : ['channel'])]
  return (
    <MenuTrigger>
      <Button className="button" isDisabled={!hasResults} aria-label="Export">
        <Download size={16} aria-hidden /> <span className="wide-only">Export</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" disabledKeys={disabled} onAction={(key) => save(key as 'results')}>
          <MenuItem className="menu-item" id="results">
            Results (JSON)
          </MenuItem>
          <MenuItem className="menu-item" id="channel">
            Picture of this channel (PNG)
          </MenuItem>
          <MenuItem className="menu-item" id="channels">
            Picture of all channels (PNG)
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
