/**
 * @file The measures of the shown layers. They are found when they are asked for, a few milliseconds at a time, and then kept:
 * rows that change their places while they are looked at are of no use. When a scan has ended, or if the user asks for a new
 * order, they are found again; the earlier ones are shown until then.
 */
import { ChannelTable } from '../../core/mosaic/channelTable.ts'
import { channelCount } from '../../core/model/network.ts'
import { MeasuredLayer } from '../../core/scan/measures/measuredLayer.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { isWhole } from '../scan/coverage.ts'
import { aloneOf, resultOf, shapeOf, tableOf } from './shown.ts'

interface Wanted {
  readonly k: number
  readonly classOf: Int32Array
  readonly asked: number
  readonly isWhole: boolean
}

interface Kept {
  shown: MeasuredLayer
  /** Takes the place of `shown` when it is done; null if that is up to date. */
  coming: MeasuredLayer | null
  wanted: Wanted
}

const kept = new WeakMap<ReadableResult, Kept>()

const noClasses = new Int32Array()

/** Returns null if the layer has no results. What is returned may not be measured to its end. */
export function measuredOf(state: AppState, layer: string): MeasuredLayer | null {
  return keptOf(state, layer)?.shown ?? null
}

/** Measures some channels of the layer, `most` of them at most. Returns how many; 0 if none are left. */
export function measureSome(state: AppState, layer: string, most: number): number {
  const own = keptOf(state, layer)
  if (!own) return 0
  const under = own.coming ?? own.shown
  const before = under.measured
  under.measureNext(most)
  if (under.isDone) {
    own.shown = under
    own.coming = null
  }
  return under.measured - before
}

/** The channels of these layers, as far as they are measured. */
export function measuredTable(state: AppState, names: readonly string[]): ChannelTable {
  return new ChannelTable(
    names.map((name) => {
      const shape = shapeOf(state, name)
      return { name, channels: shape ? channelCount(shape) : 0, measured: measuredOf(state, name) }
    }),
  )
}

function keptOf(state: AppState, layer: string): Kept | null {
  const result = resultOf(state, layer)
  if (!result || result.scanned === 0) return null
  const { k, sortsAsked: asked } = state
  const wanted = { k, classOf: tableOf(state)?.classOf ?? noClasses, asked, isWhole: isWhole(state, layer) }
  const known = kept.get(result)
  if (known && (Object.keys(wanted) as (keyof Wanted)[]).every((key) => known.wanted[key] === wanted[key]))
    return known
  const fresh = new MeasuredLayer(result, k, wanted.classOf)
  const own: Kept = { shown: known?.shown.isDone ? known.shown : fresh, coming: null, wanted }
  if (own.shown !== fresh) own.coming = fresh
  kept.set(result, own)
  return own
}

/** Whether one of these layers has gone on since it was measured. */
export function isMeasuredEarlier(state: AppState, layers: readonly string[]): boolean {
  return layers.some((layer) => {
    const measured = measuredOf(state, layer)
    return measured !== null && measured.scanned !== measured.result.scanned
  })
}

/** The names of the layers that have results, in the order of the network. */
export function scannedLayers(state: AppState): readonly string[] {
  const known = aloneOf(state)?.layers ?? state.model?.network.layers ?? []
  return known.map(({ name }) => name).filter((name) => resultOf(state, name) !== undefined)
}
