/** @file The histogram of a channel's maxima, one number an image. A bar shows those of its images that are known. */
import type { HistogramBin } from '../../../core/scan/maximaHistogram.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { formatActivation, formatCount } from '../../common/format.ts'
import { Later } from '../../common/Later.tsx'
import { RovingButtons } from '../../common/RovingButtons.tsx'
import { amongOf } from '../../../state/selectors/view.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useApp } from '../../useApp.ts'
import { type ChartBar, layOutChart } from './layOutHistogram.ts'
import { KnownPatches } from '../KnownPatches.tsx'

/** CSS pixels: the height of the bars, where there is much room and where there is little, and of the axis. */
const heights = { wide: 88, narrow: 56 } as const
const wideFrom = 480
const axis = 16
/** Room for the labels at both ends. */
const margin = 14

interface Props {
  /** They go from the lowest to the highest; there is at least one. */
  bins: readonly HistogramBin[]
  layer: string
  result: ReadableResult
  channel: number
}

export function HistogramChart({ bins, ...channel }: Props) {
  const width = usePanelWidth()
  const height = width < wideFrom ? heights.narrow : heights.wide
  const chart = layOutChart(bins)
  const bars = chart.bars.toSorted((a, b) => a.x - b.x)
  const among = useApp(amongOf)
  const showAmong = useApp((state) => state.showAmong)
  const chosen =
    among?.kind === 'range' ? bars.findIndex(({ from, to }) => from === among.from && to === among.to) : -1
  const scale = (width - 2 * margin) / chart.width
  const at = (x: number): number => margin + x * scale
  const most = Math.max(...chart.bars.map(({ count }) => count))
  const images = chart.bars.reduce((sum, { count }) => sum + count, 0)
  const percent = (pixels: number): string => `${(pixels / width) * 100}%`
  /** Draws all these bars: an element for each would be dozens. */
  const pathOf = (some: readonly ChartBar[]): string =>
    some
      .map((bar) => {
        const tall = barHeight(bar.count, most, height)
        const wide = Math.max(0.5, bar.width * scale - 0.5)
        return `M${at(bar.x)} ${height}v${-tall}h${wide}v${tall}z`
      })
      .join('')
  return (
    <>
      <div className="statistics-chart">
        <svg
          viewBox={`0 0 ${width} ${height + axis}`}
          role="img"
          aria-label={`Histogram of the maxima of ${formatCount(images)} images, from ${formatActivation(bins[0]!.from)} to ${formatActivation(bins.at(-1)!.to)}`}
        >
          {chosen >= 0 && <path d={pathOf(bars.toSpliced(chosen, 1))} data-back />}
          <path d={pathOf(bars[chosen] ? [bars[chosen]] : bars)} />
          <line x1={0} y1={height} x2={width} y2={height} />
          {chart.ticks.map(({ x, value }) => (
            <g key={value}>
              <line x1={at(x)} y1={height} x2={at(x)} y2={height + 3} />
              <text x={at(x)} y={height + 14} textAnchor="middle">
                {formatEdge(value)}
              </text>
            </g>
          ))}
        </svg>
        <Later>
          <RovingButtons
            label="Bars of the histogram"
            className="statistics-bar-button"
            columns={bars.length}
            chosen={chosen}
            onChoose={(index) => {
              const { from, to } = bars[index]!
              showAmong(index === chosen ? null : { kind: 'range', from, to })
            }}
            buttons={bars.map((bar) => ({
              name: barText(bar),
              title: barText(bar),
              style: {
                left: percent(at(bar.x)),
                top: 0,
                width: percent(bar.width * scale),
                height: `${(height / (height + axis)) * 100}%`,
              },
            }))}
          />
        </Later>
      </div>
      {among?.kind === 'range' && chosen >= 0 && (
        <KnownPatches
          {...channel}
          filter={among}
          what={`from ${formatActivation(among.from)} to ${formatActivation(among.to)}`}
          count={bars[chosen]!.count}
          width={width}
        />
      )}
    </>
  )
}

/** `2.000 to 2.250: 41 images` */
function barText({ from, to, count }: ChartBar): string {
  const images = count === 1 ? 'image' : 'images'
  return `${formatActivation(from)} to ${formatActivation(to)}: ${formatCount(count)} ${images}`
}

/** Even the rarest bar can be seen. */
function barHeight(count: number, most: number, height: number): number {
  return Math.max(1, (count / most) * (height - 2))
}

/** Powers of two, short: `0.25`, `8`, `6.1e-5`. */
function formatEdge(value: number): string {
  const size = Math.abs(value)
  return size === 0 || (size >= 1e-3 && size < 1e5)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(0)
}
