/** @file Ranks the channels of a layer by what a scan knows of them. */
import { type FiringChannel, rankChannels } from '../../core/scan/firingChannels.ts'
import { Percentiles } from '../../core/scan/percentile.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'

const percentiles = new WeakMap<ReadableResult, Percentiles>()

function percentilesOf(result: ReadableResult): Percentiles {
  let known = percentiles.get(result)
  if (!known) percentiles.set(result, (known = new Percentiles(result)))
  return known
}

/** `values` has one value a channel; `result` is what a scan of the layer has found, if there was one. */
export function rankLayer(
  layer: string,
  values: ArrayLike<number>,
  result: ReadableResult | undefined,
): readonly FiringChannel[] {
  return rankChannels(layer, values, result && result.scanned > 0 ? percentilesOf(result) : null)
}
