/** @file The measures of the shown layers; see `keptWork`. */
import { ChannelTable } from '../../core/mosaic/channelTable.ts'
import { channelCount } from '../../core/model/network.ts'
import { MeasuredLayer } from '../../core/scan/measures/measuredLayer.ts'
import { colourMeasures } from '../../core/scan/measures/colourOrShape.ts'
import { loss } from '../../core/scan/measures/loss.ts'
import type { AppState } from '../appState.ts'
import { keptLosses, lossColumn } from '../reasons/keptLosses.ts'
import { colourValues, isAnyColourKept } from '../scan/keptColour.ts'
import { keepWork } from './keptWork.ts'
import { aloneOf, resultOf, shapeOf } from './shown.ts'

export const measured = keepWork(
  (result, k, classOf) =>
    new MeasuredLayer(
      result,
      k,
      classOf,
      new Map([...colourValues(result, k), [loss.id, lossColumn(result)]]),
    ),
)

/** The channels of these layers, as far as they are measured. */
export function measuredTable(state: AppState, names: readonly string[]): ChannelTable {
  return new ChannelTable(
    names.map((name) => {
      const shape = shapeOf(state, name)
      return { name, channels: shape ? channelCount(shape) : 0, measured: measured.of(state, name) }
    }),
  )
}

/** Whether one of these layers has gone on since it was measured. */
export function isMeasuredEarlier(state: AppState, layers: readonly string[]): boolean {
  return layers.some((layer) => {
    const known = measured.of(state, layer)
    return known !== null && known.scanned !== known.result.scanned
  })
}

/** Whether colour or shape was measured of a channel of these layers, or rows are sorted or filtered by it, as a link may say. */
export function isColourShown(state: AppState, layers: readonly string[]): boolean {
  const { k, finding } = state
  if (colourMeasures.some(({ id }) => finding.column === id || finding.ranges[id])) return true
  return layers.some((layer) => {
    const result = resultOf(state, layer)
    return result !== undefined && isAnyColourKept(result, k)
  })
}

/** Whether channels of these layers were ranked by what the network loses without them, or rows are sorted or filtered by it. */
export function isLossShown(state: AppState, layers: readonly string[]): boolean {
  const { finding } = state
  if (finding.column === loss.id || finding.ranges[loss.id]) return true
  return layers.some((layer) => {
    const result = resultOf(state, layer)
    return result !== undefined && keptLosses(result) !== null
  })
}

/** The names of the layers that have results, in the order of the network. */
export function scannedLayers(state: AppState): readonly string[] {
  const known = aloneOf(state)?.layers ?? state.model?.network.layers ?? []
  return known.map(({ name }) => name).filter((name) => resultOf(state, name) !== undefined)
}
