/** @file What the network loses without each channel of a layer, kept as long as the results of the layer. */
import type { LossRanks } from '../../core/reasons/lossRanking.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'

/** As it was asked for. */
export interface LayerLosses extends LossRanks {
  readonly replacement: 'mean' | 'zero'
  /** How many images the sample has; fewer have been through as long as it goes on. */
  readonly of: number
}

const kept = new WeakMap<ReadableResult, LayerLosses>()

export function keepLosses(result: ReadableResult, losses: LayerLosses): void {
  kept.set(result, losses)
}

/** The latest; null if it was not asked for. */
export function keptLosses(result: ReadableResult): LayerLosses | null {
  return kept.get(result) ?? null
}
