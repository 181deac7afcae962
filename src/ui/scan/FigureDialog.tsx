/** @file The dialog that saves channels as a figure, and sets how wide and fine all saved pictures are. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { type FigureFormat, figureFormats, hasPages } from '../../core/mosaic/figureFormats.ts'
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../../state/appState.ts'
import { figureExporters } from '../../state/exports/exportFigures.ts'
import type { FigureChoice } from '../../state/exports/exporter.ts'
import { scannedLayers } from '../../state/selectors/measured.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { shownOrder } from '../../state/selectors/shownOrder.ts'
import { Choice } from '../common/Choice.tsx'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useAppStore } from '../useApp.ts'
import './export.css'
import { saveExport } from './saveExport.ts'
import { captionChoices, rememberedSheet, rememberSheet, scales, widths } from './sheetSize.ts'

/** What there is to choose now. */
function choicesOf(state: AppState): { id: string; text: string; figure: FigureChoice }[] {
  const { layer, channel } = state
  const result = resultOf(state, layer)
  const layers = scannedLayers(state)
  const shown = result && layer !== null ? shownOrder(state).channels : []
  return [
    ...(result && layer !== null && channel !== null
      ? [{ id: 'channel', text: `channel ${channel}`, figure: { layers: [layer], channels: [channel] } }]
      : []),
    ...(layer !== null && shown.length > 0
      ? [
          {
            id: 'shown',
            text: `${shown.length} shown of ${inSentence(layer)}`,
            figure: { layers: [layer], channels: shown },
          },
        ]
      : []),
    ...(result && layer !== null && shown.length < result.channels
      ? [{ id: 'layer', text: `all of ${inSentence(layer)}`, figure: { layers: [layer], channels: null } }]
      : []),
    ...(layers.length > 1 || !result
      ? [{ id: 'all', text: `all of ${layers.length} layers`, figure: { layers: null, channels: null } }]
      : []),
  ]
}

export default function FigureDialog({ onClose }: { onClose: () => void }) {
  const store = useAppStore()
  // What is behind the dialog does not change while it is open.
  const [choices] = useState(() => choicesOf(store.getState()))
  const [chosen, setChosen] = useState(choices[0]!.id)
  const [format, setFormat] = useState<FigureFormat>('pdf')
  const [sheet, setSheet] = useState(rememberedSheet)
  const [isSaving, setSaving] = useState(false)
  const { width, scale, captions } = sheet
  const choose = (change: Partial<SheetSize>): void => {
    setSheet({ ...sheet, ...change })
    rememberSheet({ ...sheet, ...change })
  }
  const save = async (): Promise<void> => {
    const { notify, report } = store.getState()
    const exporter = figureExporters[format]
    setSaving(true)
    const { figure } = choices.find(({ id }) => id === chosen)!
    const files = await saveExport(store, exporter, figure).catch(report)
    if (files === 0 && exporter.nothing) notify('info', exporter.nothing)
    onClose()
  }
  return (
    <ModalPage onClose={onClose} className="small-modal">
      <ModalHead title="Figure" />
      <div className="row">
        <Choice label="Channels" showLabel value={chosen} options={choices} onChange={setChosen} />
        <Choice
          label="File"
          showLabel
          value={format}
          options={figureFormats.map((id) => ({ id, text: id.toUpperCase() }))}
          onChange={setFormat}
        />
      </div>
      <div className="row">
        <Choice
          label="Width"
          showLabel
          value={width}
          options={widths.map((id) => ({ id, text: `${id.toLocaleString('en')} pixels` }))}
          onChange={(next) => choose({ width: next })}
        />
        <Choice
          label="Scale"
          showLabel
          value={scale}
          options={scales.map((id) => ({ id, text: `${id}×` }))}
          onChange={(next) => choose({ scale: next })}
        />
      </div>
      <div className="row">
        <Choice
          label="Rank, value and class below patches"
          showLabel
          value={captions}
          options={captionChoices}
          onChange={(next) => choose({ captions: next })}
        />
      </div>
      <p className="muted">{told(format, width * scale)}</p>
      <div className="row">
        <Button className="button primary" isDisabled={isSaving} onPress={() => void save()}>
          {isSaving ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </ModalPage>
  )
}

function told(format: FigureFormat, width: number): string {
  const wide = `${width.toLocaleString('en')} pixels wide`
  const pages = hasPages(format)
    ? 'Many channels come on pages of the shape of A4.'
    : 'All channels are on one sheet.'
  return format === 'png'
    ? `Files are ${wide}, less for a few channels. ${pages} 2× and 3× are for print. The menu’s pictures have this size too.`
    : `Texts and frames stay sharp at any size. Patches have the pixels of their pictures, at most as many as a file ${wide} has room for. ${pages}`
}
