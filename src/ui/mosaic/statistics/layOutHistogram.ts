/** @file Where the bars of a histogram of maxima are drawn: sizes on a logarithmic axis, zero on its own in between. */
import { type HistogramBin, lowerEdge, perOctave } from '../../../core/scan/maximaHistogram.ts'

export interface ChartBar {
  /** Both are in widths of a bin. */
  readonly x: number
  readonly width: number
  readonly count: number
  readonly from: number
  readonly to: number
}

export interface ChartTick {
  readonly x: number
  readonly value: number
}

export interface Chart {
  readonly bars: readonly ChartBar[]
  readonly ticks: readonly ChartTick[]
  /** In widths of a bin. */
  readonly width: number
}

/** Twelve octaves are a factor of 4,096; numbers that are smaller beside the largest count as zero in the drawing. */
const mostBins = 12 * perOctave
const zeroWidth = 4
const gap = 2
/** The share of the width that the label of zero keeps free of others. */
const labelShare = 0.1

/** `bins` go from the lowest to the highest; there is at least one. */
export function layOutChart(bins: readonly HistogramBin[]): Chart {
  const numbers = bins.flatMap(({ number }) => (number === null ? [] : [number]))
  const high = roundUp(Math.max(...numbers) + 1)
  const low = numbers.length === 0 ? high : roundDown(Math.max(Math.min(...numbers), high - mostBins))
  const isSmall = ({ number }: HistogramBin): boolean => number === null || number < low
  const small = bins.filter(isSmall)
  const large = bins.filter((bin) => !isSmall(bin))
  const side = high - low
  const left = large.some(({ negative }) => negative) ? side : 0
  const right = large.some(({ negative }) => !negative) ? side : 0

  const zeroAt = left > 0 ? left + gap : 0
  const rightAt = small.length > 0 ? zeroAt + zeroWidth + gap : left > 0 ? left + gap : 0
  const bars = large.map(({ number, negative, from, to, count }): ChartBar => {
    const x = negative ? high - 1 - number! : rightAt + number! - low
    return { x, width: 1, count, from, to }
  })
  const step = perOctave * Math.max(1, Math.ceil(side / perOctave / (left > 0 ? 2 : 4)))
  const marks: number[] = []
  for (let number = high; number >= low; number -= step) marks.push(number)
  const ticks: ChartTick[] = []
  if (left > 0) ticks.push(...marks.map((number) => ({ x: high - number, value: -lowerEdge(number) })))
  if (right > 0)
    ticks.push(...marks.map((number) => ({ x: rightAt + number - low, value: lowerEdge(number) })))
  const chartWidth = right > 0 ? rightAt + right : small.length > 0 ? zeroAt + zeroWidth : left
  if (small.length === 0) return { bars, ticks, width: chartWidth }

  const count = small.reduce((sum, bin) => sum + bin.count, 0)
  bars.push({ x: zeroAt, width: zeroWidth, count, from: small[0]!.from, to: small.at(-1)!.to })
  const zero: ChartTick = { x: zeroAt + zeroWidth / 2, value: 0 }
  const isFree = ({ x }: ChartTick): boolean => Math.abs(x - zero.x) > chartWidth * labelShare
  return { bars, ticks: [...ticks.filter(isFree), zero], width: chartWidth }
}

function roundDown(number: number): number {
  return Math.floor(number / perOctave) * perOctave
}

function roundUp(number: number): number {
  return number === -Infinity ? 0 : Math.ceil(number / perOctave) * perOctave
}
