/**
 * @file What a results file says of the channels of a layer, as flat arrays: a file of 200 MB takes a third of that, and
 * is handed from a worker to the page without a copy.
 */
import type { HistogramBin } from '../scan/maximaHistogram.ts'
import { lowerEdge, zeroBound } from '../scan/maximaHistogram.ts'
import type { ChannelFields, PatchFields } from './channelFields.ts'

/** `starts`, one more than there are rows: where the entries of each row begin, and where the last one's end. */
export interface PatchColumns {
  readonly starts: Uint32Array
  /** Numbers in the file's list of paths. */
  readonly images: Int32Array
  readonly activations: Float64Array
  /** `[entries, 6]`: row and column of the unit, then top, left, bottom and right of its box. */
  readonly places: Int32Array
}

export interface LayerColumns {
  /** 1 where a channel is dead. */
  readonly dead: Uint8Array
  readonly top: PatchColumns
  readonly lowest: PatchColumns
  readonly groups: {
    readonly starts: Uint32Array
    /** `[groups, 2]` */
    readonly bounds: Float64Array
    /** By group. */
    readonly samples: PatchColumns
  }
  /** `[channels, 6]`: images, infinite, mean, spread, firing images and units; NaN for what is null or not there. */
  readonly figures: Float64Array
  readonly bins: {
    readonly starts: Uint32Array
    /** Numbers of bins: below zero those of the size; `zeroBin` for the bin of zero. */
    readonly numbers: Int16Array
    readonly isNegative: Uint8Array
    readonly counts: Float64Array
  }
  readonly classes: {
    readonly starts: Uint32Array
    /** Numbers in the file's list of classes. */
    readonly names: Int32Array
    /** `[entries, 3]`: images, mean, how many of the top. */
    readonly numbers: Float64Array
  }
}

export const figureCount = 6
export const placeLength = 6
const zeroBin = 2 ** 15 - 1

class PatchGatherer {
  readonly #starts = [0]
  readonly #images: number[] = []
  readonly #activations: number[] = []
  readonly #places: number[] = []

  addRow(patches: readonly PatchFields[], numberOf: (path: string) => number): void {
    for (const { image, activation, unit, box } of patches) {
      this.#images.push(numberOf(image))
      this.#activations.push(activation)
      this.#places.push(unit[0]!, unit[1]!, ...box)
    }
    this.#starts.push(this.#images.length)
  }

  columns(): PatchColumns {
    return {
      starts: Uint32Array.from(this.#starts),
      images: Int32Array.from(this.#images),
      activations: Float64Array.from(this.#activations),
      places: Int32Array.from(this.#places),
    }
  }
}

/** Takes in the channels of a layer in their order. */
export class LayerGatherer {
  readonly #dead: number[] = []
  readonly #top = new PatchGatherer()
  readonly #lowest = new PatchGatherer()
  readonly #groupStarts = [0]
  readonly #bounds: number[] = []
  readonly #samples = new PatchGatherer()
  readonly #figures: number[] = []
  readonly #binStarts = [0]
  readonly #bins: { number: number; negative: boolean; count: number }[] = []
  readonly #classStarts = [0]
  readonly #classNames: number[] = []
  readonly #classNumbers: number[] = []
  readonly #imageOf: (path: string) => number
  readonly #classOf: (name: string) => number

  constructor(imageOf: (path: string) => number, classOf: (name: string) => number) {
    this.#imageOf = imageOf
    this.#classOf = classOf
  }

  get channels(): number {
    return this.#dead.length
  }

  add({ dead, top, lowest = [], quantiles = [], statistics, classes = [] }: ChannelFields): void {
    this.#dead.push(dead ? 1 : 0)
    this.#top.addRow(top, this.#imageOf)
    this.#lowest.addRow(lowest, this.#imageOf)
    for (const { from, to, samples } of quantiles) {
      this.#bounds.push(from, to)
      this.#samples.addRow(samples, this.#imageOf)
    }
    this.#groupStarts.push(this.#bounds.length / 2)
    if (statistics) {
      const { images, infinite = 0, mean, spread, firingImages, firingUnits, histogram } = statistics
      this.#figures.push(
        images,
        infinite,
        mean ?? Number.NaN,
        spread ?? Number.NaN,
        firingImages,
        firingUnits,
      )
      this.#addBins(histogram.negative ?? [], true)
      if (histogram.zero > 0) this.#bins.push({ number: zeroBin, negative: false, count: histogram.zero })
      this.#addBins(histogram.positive, false)
    } else this.#figures.push(...Array.from({ length: figureCount }, () => Number.NaN))
    this.#binStarts.push(this.#bins.length)
    for (const { class: name, images, mean, top: ofTop } of classes) {
      this.#classNames.push(this.#classOf(name))
      this.#classNumbers.push(images, mean, ofTop)
    }
    this.#classStarts.push(this.#classNames.length)
  }

  /** From the lowest to the highest, as runs say it; those below zero come by their size. */
  #addBins(runs: readonly (readonly number[])[], negative: boolean): void {
    const bins = runs.flatMap(([first, ...counts]) =>
      counts.map((count, i) => ({ number: first! + i, negative, count })),
    )
    for (const bin of negative ? bins.toReversed() : bins) if (bin.count > 0) this.#bins.push(bin)
  }

  columns(): LayerColumns {
    return {
      dead: Uint8Array.from(this.#dead),
      top: this.#top.columns(),
      lowest: this.#lowest.columns(),
      groups: {
        starts: Uint32Array.from(this.#groupStarts),
        bounds: Float64Array.from(this.#bounds),
        samples: this.#samples.columns(),
      },
      figures: Float64Array.from(this.#figures),
      bins: {
        starts: Uint32Array.from(this.#binStarts),
        numbers: Int16Array.from(this.#bins, ({ number }) => number),
        isNegative: Uint8Array.from(this.#bins, ({ negative }) => (negative ? 1 : 0)),
        counts: Float64Array.from(this.#bins, ({ count }) => count),
      },
      classes: {
        starts: Uint32Array.from(this.#classStarts),
        names: Int32Array.from(this.#classNames),
        numbers: Float64Array.from(this.#classNumbers),
      },
    }
  }
}

/** Of a channel, from the lowest to the highest. */
export function binsOf(
  { starts, numbers, isNegative, counts }: LayerColumns['bins'],
  channel: number,
): HistogramBin[] {
  const bins: HistogramBin[] = []
  for (let at = starts[channel]!; at < starts[channel + 1]!; at++) {
    const count = counts[at]!
    const number = numbers[at]!
    const negative = isNegative[at] === 1
    if (number === zeroBin) {
      bins.push({ number: null, negative: false, from: -zeroBound, to: zeroBound, count })
      continue
    }
    const low = lowerEdge(number)
    const high = lowerEdge(number + 1)
    bins.push(
      negative
        ? { number, negative, from: -high, to: -low, count }
        : { number, negative, from: low, to: high, count },
    )
  }
  return bins
}

/** The memory of all arrays, each once, to be handed over. */
export function buffersOf(columns: LayerColumns): ArrayBufferLike[] {
  return Object.values(columns).flatMap((part: object) =>
    ArrayBuffer.isView(part) ? [part.buffer] : buffersOf(part as LayerColumns),
  )
}
