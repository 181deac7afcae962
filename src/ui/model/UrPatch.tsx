/** @file The page with the ur-patch of one unit: the drawing from the image to the unit, and its arithmetic. */
import { useMemo, useState } from 'react'
import { Switch } from 'react-aria-components'
import type { Pair, SupportedLayer } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import { recurrence, unitTrace } from '../../core/model/trace.ts'
import { type Box, UnitBoxes } from '../../core/model/receptiveField.ts'
import { inSentence } from '../../core/shownText.ts'
import { formatExtent, formatShape } from '../common/format.ts'
import { PairField } from '../common/PairField.tsx'
import { useChosenPatch } from '../mosaic/useChosenPatch.ts'
import { usePictureAddress } from '../mosaic/usePictureAddress.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp } from '../useApp.ts'
import { LayerNotes } from './LayerNotes.tsx'
import { RecurrenceTable } from './RecurrenceTable.tsx'
import { recurrenceSentence } from './recurrenceText.ts'
import { TraceDrawing } from './TraceDrawing.tsx'
import { type TraceGroup, traceGroups } from './traceGroups.ts'

/** The side of the picture in device pixels: as large as the input's sheet on a screen with fine pixels. */
const pictureSide = 288
/** If there are many maps, the shapes of so many at either end are written out. */
const shapesAtEnds = 5

export default function UrPatch() {
  const showPage = useApp((state) => state.showPage)
  return (
    <ModalPage onClose={() => showPage(null)} dialogClassName="trace-dialog">
      <Contents />
    </ModalPage>
  )
}

function Contents() {
  const { network } = useApp((state) => state.model)!
  const name = useApp((state) => state.layer)
  const index = network.layers.findIndex((one) => one.name === name)
  const layer = network.layers[index] as SupportedLayer
  const map = mapSize(layer.shape)
  const { patch } = useChosenPatch()
  // The image stays the one of when the page was opened, so that a running scan does not change the drawing.
  const [image] = useState(patch?.image ?? null)
  const [unit, setUnit] = useState<Pair>(patch?.unit ?? [Math.floor(map[0] / 2), Math.floor(map[1] / 2)])
  const [all, setAll] = useState(false)
  const picture = usePictureAddress(image, pictureSide)
  const steps = useMemo(() => unitTrace(network, index, unit), [network, index, unit])
  const rows = useMemo(() => recurrence(network, index), [network, index])
  const groups = useMemo(() => traceGroups(network, steps, all), [network, steps, all])
  const { box, seat } = useMemo(() => {
    const boxes = new UnitBoxes(network, index)
    return { box: boxes.box(...unit), seat: boxes.seat(...unit) }
  }, [network, index, unit])
  const shown = new Set([...groups.map(({ layers }) => layers[0]!), index])
  /** If the layer has no map, all of its units see the same. */
  const hasUnits = map[0] * map[1] > 1
  const unitAt = (row: number, column: number): Pair => [
    Math.floor(row * map[0]),
    Math.floor(column * map[1]),
  ]
  const which = hasUnits ? `The unit at row ${unit[0]}, column ${unit[1]}` : 'Each unit'
  const seen = `${which} of ${inSentence(layer.name)} depends on ${pixelsOf(box)} of the input, from row ${box[0]}, column ${box[1]} on.`
  const stands =
    seat &&
    ` Its seat, at which patches are cut, is ${pixelsOf(seat)} from row ${seat[0]}, column ${seat[1]} on.`
  return (
    <>
      <ModalHead title={`Receptive field of ${inSentence(layer.name)}`} />
      <div className="trace-body">
        <p>
          {seen}
          {stands}
        </p>
        <div className="row trace-controls">
          {hasUnits && (
            <>
              <PairField
                label="Unit"
                value={unit}
                min={0}
                max={[map[0] - 1, map[1] - 1]}
                onChange={setUnit}
              />
              <span className="muted">or click a place in the drawing</span>
            </>
          )}
          <Switch className="switch" isSelected={all} onChange={setAll}>
            <span className="switch-track" aria-hidden />
            Every layer
          </Switch>
        </div>
        <TraceDrawing
          network={network}
          groups={groups}
          label={seen + (stands ?? '')}
          seat={seat}
          picture={picture}
          onPoint={hasUnits ? ([row, column]) => setUnit(unitAt(row, column)) : null}
        />
        <p className="muted trace-shapes">{shapesLine(groups)}</p>
        <LayerNotes index={index} />
        <p>{recurrenceSentence(network, rows)}</p>
        {/* The table scrolls on small screens. To scroll by keyboard, it must be able to have the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="table-scroll" tabIndex={0} role="group" aria-label="Layer by layer">
          <RecurrenceTable network={network} rows={rows} shown={shown} />
        </div>
      </div>
    </>
  )
}

function pixelsOf([top, left, bottom, right]: Box): string {
  return `${formatExtent([bottom - top, right - left])} pixels`
}

/** Writes the maps' shapes as `96×96×3 → 94×94×32 → …`. */
function shapesLine(groups: readonly TraceGroup[]): string {
  const texts = groups.map(({ shape }) => formatShape(shape)).filter((text, i, list) => text !== list[i - 1])
  const line =
    texts.length > 2 * shapesAtEnds
      ? [...texts.slice(0, shapesAtEnds), '…', ...texts.slice(-shapesAtEnds)]
      : texts
  return line.join(' → ')
}
