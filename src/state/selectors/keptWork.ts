/**
 * @file Long work on the results of a layer: it is begun when it is asked for, done a few channels at a time, and then kept, as
 * rows that change their places while they are looked at are of no use. When a scan has ended, or if the user asks for a new
 * order, it is done again; what was found earlier is shown until then.
 */
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { isWhole } from '../scan/coverage.ts'
import { resultOf, tableOf } from './shown.ts'

export interface Work {
  /** The number of channels that are done. */
  readonly done: number
  readonly isDone: boolean
  /** Does the next channels, `most` of them at most. */
  next(most: number): void
}

interface Wanted {
  readonly k: number
  readonly classOf: Int32Array
  readonly asked: number
  readonly isWhole: boolean
}

interface Kept<W> {
  shown: W
  /** Takes the place of `shown` when it is done; null if that is up to date. */
  coming: W | null
  readonly wanted: Wanted
}

export interface KeptWork<W> {
  /** Returns null if the layer has no results. What is returned may not be done to its end. */
  of(state: AppState, layer: string): W | null
  /** Does some channels of the layer, `most` of them at most. Returns how many; 0 if none are left. */
  doSome(state: AppState, layer: string, most: number): number
}

const noClasses = new Int32Array()

/** `begin` makes the work for results, the number of patches that count, and the class of each image. */
export function keepWork<W extends Work>(
  begin: (result: ReadableResult, k: number, classOf: Int32Array) => W,
): KeptWork<W> {
  const kept = new WeakMap<ReadableResult, Kept<W>>()

  const keptOf = (state: AppState, layer: string): Kept<W> | null => {
    const result = resultOf(state, layer)
    if (!result || result.scanned === 0) return null
    const { k, sortsAsked: asked } = state
    const wanted = { k, classOf: tableOf(state)?.classOf ?? noClasses, asked, isWhole: isWhole(state, layer) }
    const known = kept.get(result)
    if (known && (Object.keys(wanted) as (keyof Wanted)[]).every((key) => known.wanted[key] === wanted[key]))
      return known
    const fresh = begin(result, k, wanted.classOf)
    const earlier = known?.shown.isDone ? known.shown : null
    const own = { shown: earlier ?? fresh, coming: earlier && fresh, wanted }
    kept.set(result, own)
    return own
  }

  return {
    of: (state, layer) => keptOf(state, layer)?.shown ?? null,
    doSome(state, layer, most) {
      const own = keptOf(state, layer)
      if (!own) return 0
      const under = own.coming ?? own.shown
      const before = under.done
      under.next(most)
      if (under.isDone) {
        own.shown = under
        own.coming = null
      }
      return under.done - before
    },
  }
}
