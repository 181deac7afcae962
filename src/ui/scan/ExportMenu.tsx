/** @file Results, pictures and projects to save. */
import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { exportPictures } from '../../state/exports/exportPictures.ts'
import { exportResults } from '../../state/exports/exportResults.ts'
import { modelOf, recordedOf, resultOf } from '../../state/selectors/shown.ts'
import { formatActivation } from '../common/format.ts'
import { saveFile } from '../common/saveFile.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { rememberedSheet } from './sheetSize.ts'

/** Seldom opened: they come when they are asked for. */
const ProjectDialog = lazy(() => import('./ProjectDialog.tsx'))
const PictureDialog = lazy(() => import('./PictureDialog.tsx'))

type Item = 'results' | 'channel' | 'channels' | 'size' | 'project'

export function ExportMenu() {
  const { getState, services } = useAppStore()
  const hasResults = useApp((state) => state.results.size > 0 || recordedOf(state) !== null)
  const hasLayer = useApp((state) => state.images !== null && resultOf(state, state.layer) !== undefined)
  const hasModel = useApp((state) => modelOf(state) !== null && state.images !== null)
  const channel = useApp((state) => state.channel)
  const [dialog, setDialog] = useState<'size' | 'project' | null>(null)

  const save = async (item: 'results' | 'channel' | 'channels'): Promise<void> => {
    const state = getState()
    if (item === 'results') {
      const file = await exportResults(state, services)
      if (file) saveFile(file)
      return
    }
    const all = Array.from({ length: resultOf(state, state.layer)?.channels ?? 0 }, (_, i) => i)
    const channels = item === 'channel' ? [state.channel!] : all
    const files = await exportPictures(state, services, channels, rememberedSheet(), formatActivation)
    for (const file of files) saveFile(file)
    if (files.length === 0) state.notify('info', 'There is no picture to save: the channel is dead.')
  }
  const act = (item: Item): void => {
    if (item === 'size' || item === 'project') setDialog(item)
    else save(item).catch(getState().report)
  }

  const disabled: Item[] = []
  if (!hasResults) disabled.push('results')
  if (!hasLayer) disabled.push('channels')
  if (!hasLayer || channel === null) disabled.push('channel')
  if (!hasModel) disabled.push('project')
  return (
    <>
      <MenuTrigger>
        <Button className="button" aria-label="Export">
          <Download size={16} aria-hidden /> <span className="wide-only">Export</span>
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" disabledKeys={disabled} onAction={(key) => act(key as Item)}>
            <MenuItem className="menu-item" id="results">
              Results (JSON)
            </MenuItem>
            <MenuItem className="menu-item" id="channel">
              Picture of this channel (PNG)
            </MenuItem>
            <MenuItem className="menu-item" id="channels">
              Picture of all channels (PNG)
            </MenuItem>
            <MenuItem className="menu-item" id="size">
              Size of pictures…
            </MenuItem>
            <MenuItem className="menu-item" id="project">
              Project for a link…
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Suspense>
        {dialog === 'project' && <ProjectDialog onClose={() => setDialog(null)} />}
        {dialog === 'size' && <PictureDialog onClose={() => setDialog(null)} />}
      </Suspense>
    </>
  )
}
