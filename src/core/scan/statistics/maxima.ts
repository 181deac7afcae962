/** @file The mean and the standard deviation of the images' maxima, one number an image, to the last bit whatever their order. */
import { count, finite, orNull } from '../../fields.ts'
import { ExactMoments, unitExponent } from '../exactSum.ts'
import type { ColumnsSnapshot } from '../lazyColumns.ts'
import { ratio } from '../ratio.ts'
import { figuresRecord } from './figures.ts'
import { histogram } from './histogram.ts'
import type { Accumulator, ReadableResult, Rows, Statistic } from './statistic.ts'

export interface Maxima {
  /** The number of images with a finite maximum: mean, standard deviation and histogram are of these. */
  readonly images: number
  /** Exact up to 67 million images, rounded once; null if there is no image. */
  readonly mean: number | null
  /** That of the population, divided by n; right to the last bit or the one before it; null if there is no image. */
  readonly standardDeviation: number | null
}

class Moments implements Accumulator<Maxima, ColumnsSnapshot<Float64Array>> {
  readonly #moments: ExactMoments

  constructor(channels: number) {
    this.#moments = new ExactMoments(channels)
  }

  addRows({ summary: { channels, max }, bits, first, end }: Rows): void {
    for (let row = first; row < end; row++)
      this.#moments.addRow(max, bits, row * channels, (row + 1) * channels)
  }

  of(channel: number, result: ReadableResult): Maxima | null {
    const counts = result.of(histogram, channel)
    if (!counts) return null
    const images = counts.bins.reduce((sum, bin) => sum + bin.count, 0)
    if (images === 0) return { images, mean: null, standardDeviation: null }
    const n = BigInt(images)
    const { sum, squares } = this.#moments.total(channel)
    // As whole numbers: nothing is lost, and a constant channel has a deviation of exactly 0.
    const scatter = n * squares - sum * sum
    return {
      images,
      mean: ratio(sum, n, unitExponent),
      standardDeviation: Math.sqrt(ratio(scatter, n * n, 2 * unitExponent)),
    }
  }

  snapshot(): ColumnsSnapshot<Float64Array> {
    return this.#moments.snapshot()
  }

  add(snapshot: ColumnsSnapshot<Float64Array>): void {
    this.#moments.add(snapshot)
  }

  get bytes(): number {
    return this.#moments.bytes
  }
}

const figures = figuresRecord<Maxima, keyof Maxima>(
  { images: count, mean: orNull(finite), standardDeviation: orNull(finite) },
  { standardDeviation: 'spread' },
)

export interface MaximaRecord extends Maxima {
  /** The number of images with an infinite maximum; not there if there are none. */
  readonly infinite?: number
}

export const maxima = {
  id: 'maxima',
  counted: {
    version: 1,
    begin: ({ channels }): Accumulator<Maxima> => new Moments(channels),
  },
  record: {
    ...figures,
    write({ images, mean, standardDeviation }, { result, channel }): MaximaRecord {
      const infinite = result.of(histogram, channel)?.infinite ?? 0
      return { images, ...(infinite > 0 ? { infinite } : {}), mean, standardDeviation }
    },
  },
  facts: ({ mean, standardDeviation }, _, { activation }) =>
    mean === null
      ? []
      : [
          {
            name: 'Mean ± spread',
            title: 'Standard deviation of the maxima, one an image',
            text: `${activation(mean)} ± ${activation(standardDeviation!)}`,
          },
        ],
} as const satisfies Statistic<Maxima, Float64Array>
