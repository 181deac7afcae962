/** @file The menu of everything that can be saved. */
import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { sentence } from '../../core/errors.ts'
import type { AppState } from '../../state/appState.ts'
import type { Exporter } from '../../state/exports/exporter.ts'
import { figureExporters } from '../../state/exports/exportFigures.ts'
import { exporters } from '../../state/exports/index.ts'
import { modelOf, resultsShown } from '../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { saveExport } from './saveExport.ts'

/** Items that open a dialog. They are seldom used, so each dialog is loaded when it is opened. */
const dialogs = [
  {
    id: 'figure',
    label: 'Figure (SVG, PDF, PNG)…',
    Dialog: lazy(() => import('./FigureDialog.tsx')),
    applies: figureExporters.svg.applies,
  },
  {
    id: 'project',
    label: 'Project for a link…',
    Dialog: lazy(() => import('./ProjectDialog.tsx')),
    applies: (state: AppState) => modelOf(state) !== null && state.images !== null,
  },
]
const direct = exporters.filter(({ isFigure }) => !isFigure)
const keeper = { id: 'keep', applies: (state: AppState) => resultsShown(state).size > 0 }
const items = [...direct, keeper, ...dialogs]

export function ExportMenu() {
  const store = useAppStore()
  // The ids are joined to a text, because a selector must not return a new object each time.
  const disabled = useApp((state) =>
    items
      .filter(({ applies }) => !applies(state))
      .map(({ id }) => id)
      .join(' '),
  )
  const [asking, setAsking] = useState<(typeof dialogs)[number] | null>(null)

  const save = async (exporter: Exporter): Promise<void> => {
    const { notify, report } = store.getState()
    const files = await saveExport(store, exporter).catch(report)
    if (files === 0 && exporter.nothing) notify('info', exporter.nothing)
  }
  const keep = async (): Promise<void> => {
    const { keepScan, notify, showPage } = store.getState()
    const id = await keepScan()
    const { scans } = store.getState().comparison
    const kept = scans.find((scan) => scan.id === id)
    if (!kept) return
    const text = sentence('compare/kept', { name: kept.name, isFirst: scans.length === 1 })
    notify('info', text, { label: 'Compare', leadsTo: 'compare', run: () => showPage('compare') })
  }
  return (
    <>
      <MenuTrigger>
        <Button className="button" aria-label="Export">
          <Download size={16} aria-hidden /> <span className="wide-only">Export</span>
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" disabledKeys={disabled.split(' ')}>
            {direct.map((exporter) => (
              <MenuItem
                className="menu-item"
                id={exporter.id}
                key={exporter.id}
                onAction={() => void save(exporter)}
              >
                {exporter.label}
              </MenuItem>
            ))}
            <MenuItem className="menu-item" id={keeper.id} onAction={() => void keep()}>
              Keep for comparison
            </MenuItem>
            {dialogs.map((dialog) => (
              <MenuItem
                className="menu-item"
                id={dialog.id}
                key={dialog.id}
                onAction={() => setAsking(dialog)}
              >
                {dialog.label}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Suspense>{asking && <asking.Dialog onClose={() => setAsking(null)} />}</Suspense>
    </>
  )
}
