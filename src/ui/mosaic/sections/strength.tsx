/** @file How strongly the images excite the channel: the mean in short, the histogram, and patches from each tenth below it. */
import type { FoundGroup } from '../../../core/scan/foundEntry.ts'
import { activity } from '../../../core/scan/statistics/activity.ts'
import { type Histogram, histogram } from '../../../core/scan/statistics/histogram.ts'
import { maxima } from '../../../core/scan/statistics/maxima.ts'
import { quantiles } from '../../../core/scan/statistics/quantiles.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { formatActivation, formatShare } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { HistogramChart } from '../statistics/HistogramChart.tsx'
import { PatchStrip } from '../statistics/PatchStrip.tsx'
import type { KnownChannel, LateSection } from './section.ts'

type Groups = readonly FoundGroup[]

interface Found {
  readonly inShort: string
  readonly bins: Histogram['bins']
  /** Is null if there are too few images for two of each tenth. */
  readonly groups: Groups | null
}

function Strength({ layer, result, channel, found: { bins, groups } }: KnownChannel & { found: Found }) {
  return (
    <>
      <HistogramChart bins={bins} layer={layer} result={result} channel={channel} />
      {groups && <Tenths layer={layer} channel={channel} groups={groups} />}
    </>
  )
}

/** Two patches from each tenth of the images, one below the other, from the lowest maxima to the highest. */
function Tenths({ layer, channel, groups }: Pick<KnownChannel, 'layer' | 'channel'> & { groups: Groups }) {
  const width = usePanelWidth()
  const entries = [0, 1].flatMap((row) => groups.map(({ samples }) => samples[row]!))
  return (
    <div>
      <PatchStrip
        name={`${layer}/${channel}/quantiles`}
        layer={layer}
        entries={entries}
        columns={groups.length}
        width={width}
        label="Two patches from each tenth of the images, from the lowest maxima to the highest"
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(groups[0]!.from)}</span>
        <span>two from each tenth</span>
        <span>{formatActivation(groups.at(-1)!.to)}</span>
      </div>
    </div>
  )
}

export const strength: LateSection<Found> = {
  id: 'strength',
  title: 'How strongly',
  more: ({ inShort }) => inShort,
  applies: ({ result, channel }) => (result.of(maxima, channel)?.images ?? 0) > 0,
  find({ result, channel }) {
    const bins = result.of(histogram, channel)?.bins
    return bins ? { inShort: figuresOf(result, channel), bins, groups: wholeGroups(result, channel) } : null
  },
  Late: Strength,
}

/** An image has one patch only, so few images make no strip. */
function wholeGroups(result: ReadableResult, channel: number): Groups | null {
  const groups = result.of(quantiles, channel) ?? []
  return groups.length < 10 || groups.some(({ samples }) => samples.length < 2) ? null : groups
}

/** `mean 2.671 · fires in 95.1 % of 3,000`; the images are named where the histogram is described. */
function figuresOf(result: ReadableResult, channel: number): string {
  const mean = result.of(maxima, channel)?.mean ?? null
  const active = result.of(activity, channel)
  const parts = [
    ...(mean === null ? [] : [`mean ${formatActivation(mean)}`]),
    ...(active
      ? [
          `fires in ${formatShare(active.activeImages, result.scanned)} of ${result.scanned.toLocaleString('en')}`,
        ]
      : []),
  ]
  return parts.join(' · ')
}
