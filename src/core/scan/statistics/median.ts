/** @file The bin of the histogram in which the median of the maxima lies. */
import { quantileBin, type HistogramBin } from '../maximaHistogram.ts'
import { histogram } from './histogram.ts'
import type { Statistic } from './statistic.ts'

export const median = {
  id: 'median',
  derive: (result, channel) => quantileBin(result.of(histogram, channel)?.bins ?? [], 0.5),
  facts: ({ number, from, to }, _, { activation }) => [
    {
      name: 'Median',
      title: 'Known to the width of a bar of the histogram',
      text: number === null ? '0' : `${activation(from)} to ${activation(to)}`,
    },
  ],
} as const satisfies Statistic<HistogramBin>
