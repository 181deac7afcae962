/** @file The measures of the shown layers; see `keptWork`. */
import { isWithin } from '../../core/mosaic/finding.ts'
import { type AskedMeasure, askedMeasures, knownOnes } from '../../core/scan/measures/index.ts'
import { ChannelTable } from '../../core/mosaic/channelTable.ts'
import { channelCount } from '../../core/model/network.ts'
import { MeasuredLayer } from '../../core/scan/measures/measuredLayer.ts'
import { lookAlike } from '../../core/scan/measures/lookAlike.ts'
import { loss } from '../../core/scan/measures/loss.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { alikeShares, isAnyAlikeKept } from '../mosaic/alike.ts'
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
      new Map([
        ...colourValues(result, k),
        [lookAlike.id, alikeShares(result, k)],
        [loss.id, lossColumn(result)],
      ]),
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

/**
 * Whether channels of a layer lie in the ranges that are looked for, as the table has it; null if no range is set. As long as a
 * channel is not measured it does.
 */
export function rangeTest(state: AppState, layer: string): ((channel: number) => boolean) | null {
  const bounds = Object.entries(knownOnes(state.finding.ranges))
  const known = bounds.length > 0 ? measured.of(state, layer) : null
  if (!known) return null
  return (channel) =>
    channel >= known.done || bounds.every(([id, range]) => isWithin(known.values(id)[channel]!, range))
}

/** What `rangeTest` goes by, as one object; null until a layer is measured to its end. */
export function measuredWhole(state: AppState, layer: string): MeasuredLayer | null {
  const known = Object.keys(state.finding.ranges).length > 0 ? measured.of(state, layer) : null
  return known?.isDone ? known : null
}

/** Whether one of these layers has gone on since it was measured. */
export function isMeasuredEarlier(state: AppState, layers: readonly string[]): boolean {
  return layers.some((layer) => {
    const known = measured.of(state, layer)
    return known !== null && known.scanned !== known.result.scanned
  })
}

/** Which of the measures that are asked for are known of a channel of these layers, or sort or filter rows, as a link may say. */
export function shownAsked(state: AppState, layers: readonly string[]): readonly AskedMeasure[] {
  const { k, finding } = state
  const results = layers.flatMap((layer) => resultOf(state, layer) ?? [])
  const isKept: Readonly<Record<AskedMeasure, (result: ReadableResult) => boolean>> = {
    colour: (result) => isAnyColourKept(result, k),
    alike: isAnyAlikeKept,
  }
  return (Object.keys(askedMeasures) as AskedMeasure[]).filter(
    (what) =>
      askedMeasures[what].some(({ id }) => finding.column === id || finding.ranges[id]) ||
      results.some(isKept[what]),
  )
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
