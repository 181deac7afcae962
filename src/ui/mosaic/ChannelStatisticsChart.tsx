/** @file The histogram of a channel's maxima, one number an image. */
import type { HistogramBin } from '../../core/scan/maximaHistogram.ts'
import { formatActivation, formatCount } from '../common/format.ts'
import { layOutChart } from './channelStatisticsChart.ts'

/** CSS pixels. */
const width = 328
const height = 56
const axis = 16
/** Room for the labels at both ends. */
const margin = 14

/** `bins` from the lowest to the highest, at least one. */
export function ChannelStatisticsChart({ bins }: { bins: readonly HistogramBin[] }) {
  const chart = layOutChart(bins)
  const scale = (width - 2 * margin) / chart.width
  const at = (x: number): number => margin + x * scale
  const most = Math.max(...chart.bars.map(({ count }) => count))
  const images = chart.bars.reduce((sum, { count }) => sum + count, 0)
  return (
    <svg
      className="statistics-chart"
      viewBox={`0 0 ${width} ${height + axis}`}
      role="img"
      aria-label={`Histogram of the maxima of ${formatCount(images)} images, from ${formatActivation(bins[0]!.from)} to ${formatActivation(bins.at(-1)!.to)}`}
    >
      {chart.bars.map((bar) => (
        <rect
          key={bar.x}
          x={at(bar.x)}
          y={height - barHeight(bar.count, most)}
          width={Math.max(0.5, bar.width * scale - 0.5)}
          height={barHeight(bar.count, most)}
        >
          <title>
            {`${formatActivation(bar.from)} to ${formatActivation(bar.to)}: ${formatCount(bar.count)} ${bar.count === 1 ? 'image' : 'images'}`}
          </title>
        </rect>
      ))}
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
  )
}

/** Rare ones are seen too. */
function barHeight(count: number, most: number): number {
  return Math.max(1, (count / most) * (height - 2))
}

/** Powers of two, short: `0.25`, `8`, `6.1e-5`. */
function formatEdge(value: number): string {
  const size = Math.abs(value)
  return size === 0 || (size >= 1e-3 && size < 1e5)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(0)
}
