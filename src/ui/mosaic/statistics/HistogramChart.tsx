/** @file The histogram of a channel's maxima, one number an image, which is the track of the slider "Strength" over it. */
import type { KeyboardEvent, MouseEvent } from 'react'
import { formatActivation, formatCount } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import type { Chart, ChartBar } from './layOutHistogram.ts'
import './strengthSlider.css'

/** CSS pixels: the height of the bars, where there is much room and where there is little, and of the axis. */
const heights = { wide: 88, narrow: 56 } as const
const wideFrom = 480
const axis = 16
/** Room for the labels at both ends. */
const margin = 14
/** The width of the slider's thumb, as in its style. */
const thumb = 12
/** Page up and down go so many bars. */
const largeStep = 8

/** Half the width of a letter of the marks below the bars. */
const halfLetter = 3.2

/** A mark stands in the middle of its place, unless the edge of the chart would cut it off. */
function anchorOf(x: number, text: string, width: number): 'start' | 'middle' | 'end' {
  const half = text.length * halfLetter
  if (x < half) return 'start'
  return x > width - half ? 'end' : 'middle'
}

interface Props {
  chart: Chart
  /** From the lowest to the highest; there is at least one. */
  bars: readonly ChartBar[]
  /** The index of the bar that is looked at; -1 if none is, and the slider is at the top. */
  chosen: number
  /** Null: none is to be looked at any more. */
  onChoose: (index: number | null) => void
}

export function HistogramChart({ chart, bars, chosen, onChoose }: Props) {
  const width = usePanelWidth()
  const height = width < wideFrom ? heights.narrow : heights.wide
  const scale = (width - 2 * margin) / chart.width
  const at = (x: number): number => margin + x * scale
  const most = Math.max(...bars.map(({ count }) => count))
  const images = bars.reduce((sum, { count }) => sum + count, 0)
  /** Draws all these bars: an element for each would be dozens. */
  const pathOf = (some: readonly ChartBar[]): string =>
    some
      .map((bar) => {
        const tall = barHeight(bar.count, most, height)
        const wide = Math.max(0.5, bar.width * scale - 0.5)
        return `M${at(bar.x)} ${height}v${-tall}h${wide}v${tall}z`
      })
      .join('')

  const last = bars.length - 1
  const value = chosen < 0 ? last : chosen
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape' && chosen >= 0) {
      // It closes what was opened last.
      event.preventDefault()
      event.stopPropagation()
      return onChoose(null)
    }
    const to = keys[event.key]?.(value, last)
    if (to === undefined) return
    event.preventDefault()
    onChoose(Math.min(last, Math.max(0, to)))
  }
  const showBar = (event: MouseEvent<HTMLInputElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect()
    event.currentTarget.title = barText(bars[nearest(bars, (event.clientX - left - thumb / 2) / scale)]!)
  }
  return (
    <div className="statistics-chart">
      <svg
        viewBox={`0 0 ${width} ${height + axis}`}
        role="img"
        aria-label={`Histogram of the maxima of ${formatCount(images)} images, from ${formatActivation(bars[0]!.from)} to ${formatActivation(bars[last]!.to)}`}
      >
        {chosen >= 0 && <path d={pathOf(bars.toSpliced(chosen, 1))} data-back />}
        <path d={pathOf(bars[chosen] ? [bars[chosen]] : bars)} />
        <line x1={0} y1={height} x2={width} y2={height} />
        {chart.ticks.map(({ x, value: mark }) => (
          <g key={mark}>
            <line x1={at(x)} y1={height} x2={at(x)} y2={height + 3} />
            <text x={at(x)} y={height + 14} textAnchor={anchorOf(at(x), formatEdge(mark), width)}>
              {formatEdge(mark)}
            </text>
          </g>
        ))}
      </svg>
      <input
        type="range"
        className="strength-slider"
        aria-label="Strength"
        aria-valuetext={chosen < 0 ? `The top; ${barText(bars[last]!)}` : barText(bars[chosen]!)}
        style={{ left: at(0) - thumb / 2, width: chart.width * scale + thumb, height }}
        min={0}
        max={chart.width}
        step="any"
        value={middleOf(bars[value]!)}
        data-idle={chosen < 0 || undefined}
        onChange={(event) => onChoose(nearest(bars, event.target.valueAsNumber))}
        onKeyDown={onKeyDown}
        onMouseMove={showBar}
      />
    </div>
  )
}

/** Where each key leads from a bar. */
const keys: Readonly<Record<string, (from: number, last: number) => number>> = {
  ArrowLeft: (from) => from - 1,
  ArrowDown: (from) => from - 1,
  ArrowRight: (from) => from + 1,
  ArrowUp: (from) => from + 1,
  PageDown: (from) => from - largeStep,
  PageUp: (from) => from + largeStep,
  Home: () => 0,
  End: (_, last) => last,
}

/** The index of the bar whose middle is nearest to a place on the axis. */
function nearest(bars: readonly ChartBar[], x: number): number {
  const distance = (bar: ChartBar): number => Math.abs(middleOf(bar) - x)
  return bars.reduce((best, bar, i) => (distance(bar) < distance(bars[best]!) ? i : best), 0)
}

function middleOf({ x, width }: ChartBar): number {
  return x + width / 2
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
