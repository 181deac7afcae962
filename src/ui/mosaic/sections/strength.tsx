/** @file How strongly the images excite the channel: the mean in short, and the histogram. */
import { activity } from '../../../core/scan/statistics/activity.ts'
import { type Histogram, histogram } from '../../../core/scan/statistics/histogram.ts'
import { maxima } from '../../../core/scan/statistics/maxima.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { formatActivation, formatShare } from '../../common/format.ts'
import { HistogramChart } from '../statistics/HistogramChart.tsx'
import type { KnownChannel, LateSection } from './section.ts'

interface Found {
  /** Images with a finite maximum. */
  readonly images: number
  readonly bins: Histogram['bins']
}

function Strength({ layer, result, channel, found }: KnownChannel & { found: Found }) {
  return (
    <>
      <p className="muted">{inShort(result, channel)}</p>
      <HistogramChart bins={found.bins} layer={layer} result={result} channel={channel} />
    </>
  )
}

export const strength: LateSection<Found> = {
  id: 'strength',
  title: 'How strongly',
  more: ({ images }) => `over ${images.toLocaleString('en')} images`,
  find({ result, channel }) {
    const images = result.of(maxima, channel)?.images ?? 0
    const bins = result.of(histogram, channel)?.bins
    return images > 0 && bins ? { images, bins } : null
  },
  Late: Strength,
}

/** `mean 2.671 · fires in 95.1 % of them` */
function inShort(result: ReadableResult, channel: number): string {
  const mean = result.of(maxima, channel)?.mean ?? null
  const active = result.of(activity, channel)
  const parts = [
    ...(mean === null ? [] : [`mean ${formatActivation(mean)}`]),
    ...(active ? [`fires in ${formatShare(active.activeImages, result.scanned)} of them`] : []),
  ]
  return parts.join(' · ')
}
