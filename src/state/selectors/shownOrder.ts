/**
 * @file The order of the channels of the shown layer. It is made when it is asked for, also while a scan runs, and then
 * kept: tiles that move while they are looked at are of no use. If the scan has moved on, it can be made again.
 */
import { type ChannelArrangement, orderChannels } from '../../core/mosaic/channelOrder.ts'
import { channelCount } from '../../core/model/network.ts'
import { noteTest } from '../../core/notes/shownNote.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import type { Ranges } from '../../core/mosaic/finding.ts'
import { isWhole } from '../scan/coverage.ts'
import { measuredWhole, rangeTest } from './measured.ts'
import { resultOf, shapeOf, tableOf } from './shown.ts'

export interface ShownOrder {
  readonly channels: readonly number[]
  /** When it was made, in milliseconds since 1970. */
  readonly time: number
  /** The number of images that the layer had seen then. */
  readonly scanned: number
}

interface Made extends ShownOrder, Omit<ChannelArrangement, 'isNoted' | 'isInRange'> {
  readonly ranges: Ranges
  readonly measured: object | null
  readonly noted: string | null
  /** The notes stay as they were when the order was made: a channel that is named while it is looked at does not go away. */
  readonly notesRead: number
  readonly k: number
  readonly asked: number
  readonly isBegun: boolean
  readonly isWhole: boolean
}

/** Each layer keeps its own, also while another one is shown. */
const orders = new WeakMap<ReadableResult, Made>()
/** The orders of layers without results, by number of channels and direction. */
const plain = new Map<string, ShownOrder>()
/** The latest order of a layer without results that goes by notes. */
let latestNoted: { readonly key: string; readonly numbers: ShownOrder } | null = null

const noClasses = new Int32Array()

export function shownOrder(state: AppState): ShownOrder {
  const { layer, sort, reversed, hideDead, noted, notes, notesRead, k, sortsAsked: asked, finding } = state
  const shape = shapeOf(state, layer)
  const channels = shape ? channelCount(shape) : 0
  const result = resultOf(state, layer)
  const arrangement = { sort, reversed, hideDead, bestClass: bestClassOf(state) }
  const isNoted = noted === null || layer === null ? null : noteTest(noted, notes, layer)
  if (!result || layer === null) {
    const make = (): ShownOrder => ({
      channels: orderChannels(channels, { ...arrangement, isNoted }, undefined, k, noClasses),
      time: 0,
      scanned: 0,
    })
    const key = `${channels} ${sort === 'number' && reversed}`
    if (isNoted) {
      const notedKey = JSON.stringify([key, layer, noted, notesRead, asked])
      if (latestNoted?.key !== notedKey) latestNoted = { key: notedKey, numbers: make() }
      return latestNoted.numbers
    }
    if (!plain.has(key)) plain.set(key, make())
    return plain.get(key)!
  }
  // The order is made anew when the first images and when the last ones have come in.
  const wanted = {
    ...arrangement,
    noted,
    notesRead,
    k,
    asked,
    isBegun: result.scanned > 0,
    isWhole: isWhole(state, layer),
    ranges: finding.ranges,
    measured: measuredWhole(state, layer),
  }
  const known = orders.get(result)
  if (known && (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => known[key] === wanted[key]))
    return known
  const made: Made = {
    ...wanted,
    channels: orderChannels(
      channels,
      { ...arrangement, isNoted, isInRange: rangeTest(state, layer) },
      result,
      k,
      tableOf(state)?.classOf ?? noClasses,
    ),
    time: Date.now(),
    scanned: result.scanned,
  }
  orders.set(result, made)
  return made
}

/** Returns null if there is no such class, so that a link of another set of images hides nothing. */
export function bestClassOf(state: AppState): number | null {
  const at = state.bestClass === null ? -1 : (tableOf(state)?.classNames.indexOf(state.bestClass) ?? -1)
  return at < 0 ? null : at
}

/** The time at which the order was made if the scan has moved on since then; null if the order is up to date. */
export function oldOrderTime(state: AppState): number | null {
  const hasRanges = Object.keys(state.finding.ranges).length > 0
  if (state.sort === 'number' && !state.hideDead && !hasRanges && bestClassOf(state) === null) return null
  const { time, scanned } = shownOrder(state)
  const result = resultOf(state, state.layer)
  return result && result.scanned !== scanned ? time : null
}
