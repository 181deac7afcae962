/** @file One channel as the results file has it. */
import type { ImageTable } from '../images/imageTable.ts'
import type { SupportedLayer, Network } from '../model/network.ts'
import { unitAt } from '../model/units.ts'
import { type Box, UnitBoxes } from '../model/receptiveField.ts'
import { topOfClasses } from '../scan/classShares.ts'
import type { LayerResult } from '../scan/layerResult.ts'
import type { HistogramBin } from '../scan/maximaHistogram.ts'
import type { TopEntry } from '../scan/topK.ts'

export interface ChannelRecord {
  readonly channel: number
  /** Only where it is: one value in every unit of every image. Such a channel has no patches. */
  readonly dead?: true
  /** Only where there are any: images in which the channel made NaN. */
  readonly nanImages?: number
  /** The k images with the highest maxima, highest first. */
  readonly top: readonly PatchRecord[]
  /** The k images with the lowest maxima, lowest first. Both: equal ones by path. */
  readonly lowest: readonly PatchRecord[]
  /**
   * Ten groups of images by rank of their maximum, lowest first: the first tenth, the second … Of a sample of up to 80
   * images, the same for all channels (those with the smallest MurmurHash3 finalizer of their number in order of paths,
   * from 0). The rank of a value in such a sample is off by 5.6 % of all images at most in one standard deviation. Fewer
   * groups only where there are fewer than ten images.
   */
  readonly quantiles: readonly QuantileRecord[]
  readonly statistics: StatisticsRecord
  /** Only where images have classes and the channel is not dead: of the classes that have images, by name. */
  readonly classes?: readonly ClassRecord[]
}

export interface PatchRecord {
  readonly image: string
  /** The image's maximum in the channel: a float32, to nine digits. */
  readonly activation: number
  readonly unit: readonly [number, number]
  /** `[top, left, bottom, right]`, half open, in pixels of the model's input, unclipped. */
  readonly box: Box
}

export interface QuantileRecord {
  /** Lowest and highest maximum of the group's images in the sample. */
  readonly from: number
  readonly to: number
  /** Up to two images, those nearest to the group's middle by rank. */
  readonly samples: readonly PatchRecord[]
}

/** Of the images' maxima, one number an image. They do not depend on the order of the scan, to the last bit. */
export interface StatisticsRecord {
  /** Images whose maximum is finite: what mean, spread and histogram are of. */
  readonly images: number
  /** Only where there are any: images whose maximum is infinite. */
  readonly infinite?: number
  /** Exact up to 67 million images, rounded once to a float64. Null where there is no image. */
  readonly mean: number | null
  /** Population standard deviation (divided by n), as exact. */
  readonly spread: number | null
  /** Images in which a unit is above 0: a count. */
  readonly firingImages: number
  /** Units above 0 in all images together, of `scanned` times the rows and columns of the layer's `shape`: a count. */
  readonly firingUnits: number
  readonly histogram: HistogramRecord
}

/**
 * Bins have the same edges whatever the data: bin i is `edge(i) ≤ x < edge(i + 1)` with
 * `edge(i) = 2^floor(i / 8) · (1 + (i mod 8) / 8)`: 0 is [1, 1.125), 8 is [2, 2.25), -8 is [0.5, 0.5625). So a quantile
 * found in it is known to an eighth of its size.
 */
export interface HistogramRecord {
  /** Images with |x| < 2^-24. */
  readonly zero: number
  /**
   * Runs of neighbouring bins, only those that occur (and single empty ones between): the number of the first bin,
   * then the counts of it, the next one …
   */
  readonly positive: readonly (readonly number[])[]
  /** Only where there are any: the same of -x. */
  readonly negative?: readonly (readonly number[])[]
}

export interface ClassRecord {
  readonly class: string
  /** Images of the class whose maximum is finite. */
  readonly images: number
  /** Of their maxima, exact and rounded once. */
  readonly mean: number
  /** How many of the channel's `top` are of the class. */
  readonly top: number
}

/** For the channels of one layer, with the k highest and lowest. */
export function channelRecorder(
  network: Network,
  layer: SupportedLayer,
  index: number,
  result: LayerResult,
  k: number,
  table: ImageTable,
): (channel: number) => ChannelRecord {
  const boxes = new UnitBoxes(network, index)
  const patchOf = ({ image, activation, position }: TopEntry): PatchRecord => {
    const unit = unitAt(layer.shape, position)
    return { image: table.paths[image]!, activation: shortFloat32(activation), unit, box: boxes.box(...unit) }
  }
  return (channel) => {
    const nanImages = result.range.nanImages[channel]!
    const dead = result.isDead(channel)
    return {
      channel,
      ...(dead ? { dead: true as const } : {}),
      ...(nanImages > 0 ? { nanImages } : {}),
      top: result.top(channel, k).map(patchOf),
      lowest: result.lowest(channel, k).map(patchOf),
      quantiles: result.quantiles(channel).map(({ from, to, samples }) => ({
        from: shortFloat32(from),
        to: shortFloat32(to),
        samples: samples.map(patchOf),
      })),
      statistics: statisticsRecord(result, channel),
      ...(dead || !result.classMeans ? {} : { classes: classRecords(result, channel, k, table) }),
    }
  }
}

function statisticsRecord(result: LayerResult, channel: number): StatisticsRecord {
  const { infinite, histogram, images, mean, spread, firingImages, firingUnits } = result.statistics(channel)
  return {
    images,
    ...(infinite > 0 ? { infinite } : {}),
    mean,
    spread,
    firingImages,
    firingUnits,
    histogram: histogramRecord(histogram),
  }
}

function histogramRecord(bins: readonly HistogramBin[]): HistogramRecord {
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
  for (const { number, count } of bins) {
    if (number === null) continue
    const run = runs.at(-1)
    const gap = run ? number - (run[0]! + run.length - 1) : Infinity
    if (run && gap <= 1) run.push(...(gap === 1 ? [0] : []), count)
    else runs.push([number, count])
  }
  return runs
}

function classRecords(result: LayerResult, channel: number, k: number, table: ImageTable): ClassRecord[] {
  const top = topOfClasses(result, channel, k, table.classOf)
  return result.classMeans!.means(channel).map(({ classNumber, images, mean }) => ({
    class: table.classNames[classNumber]!,
    images,
    mean,
    top: top.get(classNumber) ?? 0,
  }))
}

/**
 * Nine significant digits tell any two float32 numbers apart. JSON has no word for infinity: the largest float32 stands
 * for it.
 */
function shortFloat32(value: number): number {
  const finite = Math.min(Math.max(value, -maxFloat32), maxFloat32)
  return Number(finite.toPrecision(9))
}

const maxFloat32 = 3.4028234663852886e38
