/** @file Compares values with the mean and variance that a batch normalization has stored of them in training. */
import type { StatisticsFit } from './trial.ts'

interface Moments {
  readonly mean: ArrayLike<number>
  readonly variance: ArrayLike<number>
}

/** Variances are at least this: a channel that is constant in training or here would otherwise count infinitely. */
const leastVariance = 1e-12

/** Takes medians over the channels, so that a few odd ones decide nothing. Null if all channels are constant. */
export function statisticsFit(layer: string, found: Moments, stored: Moments): StatisticsFit | null {
  const rows = Array.from(stored.variance, (variance, c) => {
    const ratio = Math.max(found.variance[c]!, leastVariance) / variance
    const shift = Math.abs(found.mean[c]! - stored.mean[c]!) / Math.sqrt(variance)
    return {
      variance,
      shift,
      deviationRatio: Math.sqrt(ratio),
      divergence: (ratio + shift * shift - 1 - Math.log(ratio)) / 2,
    }
  }).filter(({ variance }) => variance > leastVariance)
  if (rows.length === 0) return null
  return {
    layer,
    shift: median(rows.map(({ shift }) => shift)),
    deviationRatio: median(rows.map(({ deviationRatio }) => deviationRatio)),
    divergence: median(rows.map(({ divergence }) => divergence)),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Whether the statistics are still those that a layer begins with. */
export function isUntrained({ mean, variance }: Moments): boolean {
  return Array.from(mean).every((m) => m === 0) && Array.from(variance).every((v) => v === 1)
}
