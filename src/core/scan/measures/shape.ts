/**
 * @file The shape of the histogram of the images' maxima: its skewness, and Sarle's bimodality coefficient.
 *
 * Each maximum counts as the middle of its bin. A bin is an eighth of its size wide at most, so a maximum is off by a
 * sixteenth of its size at most.
 */
import type { HistogramBin } from '../maximaHistogram.ts'
import type { Measure } from './measure.ts'

interface Moments {
  /** The number of images. */
  readonly n: number
  /** Of the population: the third and the fourth central moment, divided by the standard deviation to that power. */
  readonly skewness: number
  readonly kurtosis: number
}

/** Returns null if all maxima are in one bin, or there are none. */
export function momentsOf(bins: readonly HistogramBin[]): Moments | null {
  if (bins.length < 2) return null
  let n = 0
  let sum = 0
  for (const bin of bins) {
    n += bin.count
    sum += bin.count * middle(bin)
  }
  const mean = sum / n
  let [second, third, fourth] = [0, 0, 0]
  for (const bin of bins) {
    const d = middle(bin) - mean
    const square = d * d * bin.count
    second += square
    third += square * d
    fourth += square * d * d
  }
  const variance = second / n
  return { n, skewness: third / n / variance ** 1.5, kurtosis: fourth / n / variance ** 2 }
}

/**
 * `(g² + 1) / (k + 3(n − 1)² / ((n − 2)(n − 3)))` with the skewness g and the excess kurtosis k of a sample, corrected for its
 * size n, as in SAS and in R. Pfister and others, "Good things peak in pairs" (2013). Returns null for n below 4.
 */
export function bimodalityOf({ n, skewness, kurtosis }: Moments): number | null {
  if (n < 4) return null
  const g = (skewness * Math.sqrt(n * (n - 1))) / (n - 2)
  const k = ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (kurtosis - 3) + 6)
  return (g * g + 1) / (k + (3 * (n - 1) ** 2) / ((n - 2) * (n - 3)))
}

function middle({ number, from, to }: HistogramBin): number {
  return number === null ? 0 : (from + to) / 2
}

export const skewness: Measure = {
  id: 'skew',
  label: 'Skew',
  sentence:
    'The skewness of the histogram of the maxima: 0 if it is symmetric, above 0 if few images are far above the others.',
  unit: 'number',
  of: ({ bins, isDead }) => (isDead || !bins ? null : (momentsOf(bins)?.skewness ?? null)),
}

export const bimodality: Measure = {
  id: 'bimodal',
  label: 'Two humps',
  sentence:
    "Sarle's bimodality coefficient of the histogram of the maxima, from 0 to 1: above 0.56, that of a flat one, it may have two humps.",
  unit: 'number',
  of({ bins, isDead }) {
    const moments = isDead || !bins ? null : momentsOf(bins)
    return moments && bimodalityOf(moments)
  },
}
