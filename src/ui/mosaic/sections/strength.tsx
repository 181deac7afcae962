/**
 * @file How strongly the images excite the channel: the mean in short, the histogram, and below it patches from each tenth, or
 * from the level to which the slider over the histogram is moved.
 */
import { X } from 'lucide-react'
import { useDeferredValue } from 'react'
import { entriesAtLevel, knownEntries, type Level, passes } from '../../../core/mosaic/knownPatches.ts'
import type { FoundGroup } from '../../../core/scan/foundEntry.ts'
import { activity } from '../../../core/scan/statistics/activity.ts'
import { type Histogram, histogram } from '../../../core/scan/statistics/histogram.ts'
import { maxima } from '../../../core/scan/statistics/maxima.ts'
import { quantiles } from '../../../core/scan/statistics/quantiles.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { maxK } from '../../../core/scan/topK.ts'
import { amongOf } from '../../../state/selectors/view.ts'
import { formatActivation, formatShare } from '../../common/format.ts'
import { IconButton } from '../../common/IconButton.tsx'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useApp } from '../../useApp.ts'
import { HistogramChart } from '../statistics/HistogramChart.tsx'
import { type ChartBar, layOutChart } from '../statistics/layOutHistogram.ts'
import { PatchStrip } from '../statistics/PatchStrip.tsx'
import type { KnownChannel, LateSection } from './section.ts'

type Groups = readonly FoundGroup[]

interface Found {
  readonly inShort: string
  readonly bins: Histogram['bins']
  /** Is null if there are too few images for two of each tenth. */
  readonly groups: Groups | null
}

/** Of each tenth so many patches are shown, and as many rows of them at a level. */
const rows = 2
const columns = 10

function Strength({ found: { bins, groups }, ...known }: KnownChannel & { found: Found }) {
  const among = useApp(amongOf)
  const showAmong = useApp((state) => state.showAmong)
  const chart = layOutChart(bins)
  const bars = chart.bars.toSorted((a, b) => a.x - b.x)
  const range = among?.kind === 'range' ? among : null
  const chosen = bars.findIndex(({ from, to }) => from === range?.from && to === range.to)
  // Patches come a little after the slider.
  const shown = useDeferredValue(bars[chosen])
  return (
    <>
      <HistogramChart
        chart={chart}
        bars={bars}
        chosen={chosen}
        onChoose={(index) => {
          const bar = index === null ? null : bars[index]!
          showAmong(bar && { kind: 'range', from: bar.from, to: bar.to })
        }}
      />
      {shown && <AtLevel {...known} bar={shown} end={endOf(bars, shown)} />}
      {!shown && groups && <Tenths layer={known.layer} channel={known.channel} groups={groups} />}
    </>
  )
}

function endOf(bars: readonly ChartBar[], { from }: ChartBar): Level['end'] {
  return from === bars.at(-1)!.from ? 'top' : from === bars[0]!.from ? 'lowest' : null
}

interface AtLevelProps extends KnownChannel {
  bar: ChartBar
  end: Level['end']
}

/** The known patches nearest to a bar of the histogram, and how many images of the bar itself are known. */
function AtLevel({
  layer,
  channel,
  result,
  table: { classOf },
  bar: { from, to, count },
  end,
}: AtLevelProps) {
  const width = usePanelWidth()
  const showAmong = useApp((state) => state.showAmong)
  const known = knownEntries(result, channel, maxK)
  const inBar = known.filter((entry) => passes({ kind: 'range', from, to }, entry, classOf)).length
  const entries = entriesAtLevel(known, { from, to, end }, rows * columns)
  const what = `from ${formatActivation(from)} to ${formatActivation(to)}`
  if (entries.length === 0) return null
  return (
    <div role="group" aria-label={`Images ${what}`}>
      <PatchStrip
        name={`${layer}/${channel}/level`}
        layer={layer}
        entries={entries}
        columns={columns}
        width={width}
        label={`Patches of images ${what}, and those nearest to it, lowest first`}
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(entries[0]!.activation)}</span>
        <span
          className="strength-known"
          title={`${inBar.toLocaleString('en')} of ${count.toLocaleString('en')} images ${what} are known by their patches: the best, the lowest and a sample of all images. Of the others only numbers are kept.`}
        >
          {inBar.toLocaleString('en')} of {count.toLocaleString('en')} {what}
        </span>
        <IconButton
          className="icon-button strength-back"
          label={`No longer only ${what}`}
          hint="Key Esc"
          onPress={() => showAmong(null)}
        >
          <X size={14} />
        </IconButton>
        <span>{formatActivation(entries.at(-1)!.activation)}</span>
      </div>
    </div>
  )
}

/** Two patches from each tenth of the images, one below the other, from the lowest maxima to the highest. */
function Tenths({ layer, channel, groups }: Pick<KnownChannel, 'layer' | 'channel'> & { groups: Groups }) {
  const width = usePanelWidth()
  const entries = Array.from({ length: rows }).flatMap((_, row) => groups.map(({ samples }) => samples[row]!))
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

/** `mean 2.671 · fires in 95.1 %`; how many images there are is said where the histogram is described. */
function figuresOf(result: ReadableResult, channel: number): string {
  const mean = result.of(maxima, channel)?.mean ?? null
  const active = result.of(activity, channel)
  const parts = [
    ...(mean === null ? [] : [`mean ${formatActivation(mean)}`]),
    ...(active ? [`fires in ${formatShare(active.activeImages, result.scanned)}`] : []),
  ]
  return parts.join(' · ')
}
