/** @file What scripts can ask about scans that are compared; loaded when it is first called. */
import { type Change, type ChangeOrder, changeOf, changeOrders, sortChanges } from '../core/compare/change.ts'
import { coursesOf } from '../core/compare/course.ts'
import { layerRows } from '../state/compare/comparison.ts'
import { findPairs } from '../state/compare/pairs.ts'
import type { AppStore } from '../state/store.ts'

export interface ComparisonOptions {
  /** The positions of the scans before and after; by default the first and the last. */
  readonly before?: number
  readonly after?: number
  /** Whether channels are matched by correlation, instead of by number. */
  readonly matched?: boolean
  /** As the page orders them; by default those first that have changed most. */
  readonly order?: ChangeOrder
}

export interface ComparedChannel extends Omit<Change, 'correlation'> {
  /** Is null if it is not known. */
  readonly correlation: number | null
  /** By the measure's id, before and after; null if it is not known, or has no meaning. */
  readonly statistics: Readonly<Record<string, readonly [number | null, number | null]>>
}

export interface Comparisons {
  /**
   * Opens snapshots, results files or models together, as dropping them does. Resolves to whether they could be opened; otherwise a
   * notice says why not.
   */
  openTogether(files: readonly File[]): Promise<boolean>
  /** Scans the chosen layers in all models that were opened together. Resolves when that has ended. */
  scanModels(): Promise<void>
  /** Keeps what is on the page for comparison. Resolves to whether that was possible. */
  keepScan(): Promise<boolean>
  /** The channels of a layer, as the scan before calls it, in two of the kept scans. Throws if there are no such scans or layers. */
  compare(layer: string, options?: ComparisonOptions): Promise<readonly ComparedChannel[]>
}

export function comparisonsOf({ getState, services: { gallery } }: AppStore): Comparisons {
  return {
    async openTogether(files) {
      const { takeResults } = await import('../state/images/readDrop.ts')
      const { results, others } = await takeResults(files, gallery.remote)
      const [first, ...rest] = results
      const areResults = first === undefined || (await getState().openResults(first, rest))
      return areResults && (others.length === 0 || (await getState().openModels(others)))
    },
    scanModels: () => getState().runSeries(),
    keepScan: async () => (await getState().keepScan()) !== null,
    async compare(layer, { before = 0, after, matched = false, order = changeOrders[0] } = {}) {
      const { comparison, k } = getState()
      const last = after ?? comparison.scans.length - 1
      const row = layerRows(comparison, before).find((one) => one[before]!.name === layer)
      const [one, other] = [row?.[before]?.result, row?.[last]?.result]
      if (!one || !other) throw new Error(`the scans ${before} and ${last} have no layer ${layer} in common`)
      const { pairs } = await findPairs(one, other, matched, new AbortController().signal)
      const changes = pairs.map((pair) => changeOf(pair, one, other, k))
      return sortChanges(changes, order).map((change) => {
        const points = [
          change.before === null ? null : { result: one, channel: change.before },
          change.after === null ? null : { result: other, channel: change.after },
        ]
        const statistics = coursesOf(points, k, comparison.table.classOf).map(
          ({ measure, values }) =>
            [measure.id, values.map(numberOrNull) as [number | null, number | null]] as const,
        )
        return {
          ...change,
          correlation: numberOrNull(change.correlation),
          statistics: Object.fromEntries(statistics),
        }
      })
    },
  }
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
