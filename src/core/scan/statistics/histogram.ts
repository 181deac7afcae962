/** @file The histogram of the images' maxima, one number an image, with edges that no data can move. */
import { count, FieldProblem, list, object, optional, type ReadBy, type Reader, whole } from '../../fields.ts'
import {
  binOf,
  type HistogramBin,
  type HistogramSnapshot,
  MaximaHistogram,
  perOctave,
} from '../maximaHistogram.ts'
import type { Accumulator, Rows, Statistic } from './statistic.ts'

export interface Histogram {
  /** The bins that are not empty, from the lowest to the highest. */
  readonly bins: readonly HistogramBin[]
  /** The number of images with an infinite maximum, which are in no bin. */
  readonly infinite: number
}

class Histograms implements Accumulator<Histogram, HistogramSnapshot> {
  readonly #histogram: MaximaHistogram

  constructor(channels: number) {
    this.#histogram = new MaximaHistogram(channels)
  }

  addRows({ summary: { channels }, bits, first, end }: Rows): void {
    for (let row = first; row < end; row++) this.#histogram.addRow(bits, row * channels, (row + 1) * channels)
  }

  of(channel: number): Histogram {
    return { bins: this.#histogram.bins(channel), infinite: this.#histogram.infinite(channel) }
  }

  snapshot(): HistogramSnapshot {
    return this.#histogram.snapshot()
  }

  add(snapshot: HistogramSnapshot): void {
    this.#histogram.add(snapshot)
  }

  get bytes(): number {
    return this.#histogram.bytes
  }
}

/**
 * Bins have the same edges whatever the data: bin i is `edge(i) ≤ x < edge(i + 1)` with
 * `edge(i) = 2^floor(i / 8) · (1 + (i mod 8) / 8)`: 0 is [1, 1.125), 8 is [2, 2.25), -8 is [0.5, 0.5625). So a quantile
 * found in it is known to an eighth of its size.
 */
export interface HistogramRecord {
  /** The number of images with |x| < 2^-24. */
  readonly zero: number
  /**
   * Runs of neighbouring bins, only those that occur (and single empty ones between): the number of the first bin,
   * then the counts of it, the next one …
   */
  readonly positive: readonly (readonly number[])[]
  /** The same of -x; not there if there are none. */
  readonly negative?: readonly (readonly number[])[]
}

/** Numbers of bins: of float32 numbers from 2^-24 on. */
const firstBin = -24 * perOctave
const lastBin = 128 * perOctave - 1

const runNumbers = list(whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))

const run: Reader<number[]> = (value) => {
  if (!Array.isArray(value) || value.length < 2)
    throw new FieldProblem('is no run of bins: a number and counts')
  const read = runNumbers(value)
  const [first] = read as [number]
  if (first < firstBin || first + read.length - 2 > lastBin)
    throw new FieldProblem(`has bins outside of ${firstBin} to ${lastBin}`)
  const counts = read.slice(1)
  const below = counts.findIndex((one) => one < 0)
  if (below >= 0) throw new FieldProblem(`has a count of ${counts[below]}`)
  return read
}

/** `infinite` is written with `maxima`. */
const fields = {
  infinite: optional(count),
  histogram: object({ zero: count, positive: list(run), negative: optional(list(run)) }),
}

export interface BinColumns {
  /** By channel; NaN if the file has no histogram of it. */
  readonly infinite: Float64Array
  readonly starts: Uint32Array
  /** Numbers of bins: below zero those of the size; `zeroBin` for the bin of zero. */
  readonly numbers: Int16Array
  readonly isNegative: Uint8Array
  readonly counts: Float64Array
}

const zeroBin = 2 ** 15 - 1

export const histogram = {
  id: 'histogram',
  counted: {
    version: 1,
    begin: ({ channels }): Accumulator<Histogram> => new Histograms(channels),
  },
  record: {
    within: 'statistics',
    write: ({ bins }): { readonly histogram: HistogramRecord } => ({ histogram: recordOf(bins) }),
    fields,
    gather() {
      const infinite: number[] = []
      const starts = [0]
      const bins: { number: number; negative: boolean; count: number }[] = []
      return {
        add(read) {
          const given = read as ReadBy<typeof fields> | null
          infinite.push(given ? (given.infinite ?? 0) : Number.NaN)
          if (given) {
            const { zero, positive, negative = [] } = given.histogram
            bins.push(...binsOf(negative, true).toReversed())
            if (zero > 0) bins.push({ number: zeroBin, negative: false, count: zero })
            bins.push(...binsOf(positive, false))
          }
          starts.push(bins.length)
        },
        columns: () => ({
          infinite: Float64Array.from(infinite),
          starts: Uint32Array.from(starts),
          numbers: Int16Array.from(bins, ({ number }) => number),
          isNegative: Uint8Array.from(bins, ({ negative }) => (negative ? 1 : 0)),
          counts: Float64Array.from(bins, (bin) => bin.count),
        }),
      }
    },
    read({ infinite, starts, numbers, isNegative, counts }, channel) {
      if (Number.isNaN(infinite[channel])) return null
      const bins: HistogramBin[] = []
      for (let at = starts[channel]!; at < starts[channel + 1]!; at++) {
        const number = numbers[at]!
        bins.push(binOf(number === zeroBin ? null : number, isNegative[at] === 1, counts[at]!))
      }
      return { bins, infinite: infinite[channel]! }
    },
  },
  facts: ({ infinite }) =>
    infinite === 0
      ? []
      : [
          {
            name: 'Infinite',
            text: `in ${infinite.toLocaleString('en')} images, which are left out here`,
          },
        ],
} as const satisfies Statistic<Histogram, BinColumns>

function recordOf(bins: readonly HistogramBin[]): HistogramRecord {
  const negative = runsOf(bins.filter((bin) => bin.negative).toReversed())
  return {
    zero: bins.find(({ number }) => number === null)?.count ?? 0,
    positive: runsOf(bins.filter((bin) => !bin.negative)),
    ...(negative.length > 0 ? { negative } : {}),
  }
}

/** By number. A single empty bin is shorter than a run of its own. */
function runsOf(bins: readonly HistogramBin[]): number[][] {
  const runs: number[][] = []
  for (const bin of bins) {
    if (bin.number === null) continue
    const last = runs.at(-1)
    const gap = last ? bin.number - (last[0]! + last.length - 1) : Infinity
    if (last && gap <= 1) last.push(...(gap === 1 ? [0] : []), bin.count)
    else runs.push([bin.number, bin.count])
  }
  return runs
}

/** The bins of runs that are not empty. */
function binsOf(runs: readonly (readonly number[])[], negative: boolean) {
  return runs
    .flatMap(([first, ...counts]) => counts.map((one, i) => ({ number: first! + i, negative, count: one })))
    .filter((bin) => bin.count > 0)
}
