/** @file What the network loses without each channel of a layer, kept as long as the results of the layer. */
import type { LayerLosses } from '../../core/reasons/lossRanking.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'

const kept = new WeakMap<ReadableResult, LayerLosses>()

/** `[channels]`: NaN if it is not known. */
const columns = new WeakMap<ReadableResult, Float64Array>()

export function keepLosses(result: ReadableResult, losses: LayerLosses): void {
  kept.set(result, losses)
  columns.get(result)?.set(losses.loss)
}

/** The losses of all channels as a measure, `[channels]`, NaN if they are not known. The array changes when more is known. */
export function lossColumn(result: ReadableResult): Float64Array {
  let column = columns.get(result)
  if (!column) {
    column = Float64Array.from(keptLosses(result)?.loss ?? Array<number>(result.channels).fill(Number.NaN))
    columns.set(result, column)
  }
  return column
}

/** Those of all layers for which they were asked for. */
export function lossesOf(results: ReadonlyMap<string, ReadableResult>): Map<string, LayerLosses> {
  return new Map(
    [...results].flatMap(([name, result]) => {
      const losses = keptLosses(result)
      return losses ? [[name, losses] as const] : []
    }),
  )
}

/** The latest; null if it was not asked for. */
export function keptLosses(result: ReadableResult): LayerLosses | null {
  return kept.get(result) ?? null
}
