/**
 * @file Reads what snapshots hold out of a file that may have been damaged, or written by anybody: so that results can take it in,
 * and all that is shown can rely on it. It lies apart from the statistics, as only opening a snapshot needs it.
 */
import { count, FieldProblem, nothing, object, orNull, plain, type Reader, whole, within } from '../fields.ts'
import type { ChannelRange } from './channelRange.ts'
import type { ClassMeansSnapshot } from './classMeans.ts'
import { groups, lowestField, splitBits } from './exactSum.ts'
import { sampleSize, type SampleSnapshot } from './imageSample.ts'
import type { LayerSnapshot, StatisticSnapshot } from './layerSnapshot.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'
import { type HistogramSnapshot, perOctave, signedExponents } from './maximaHistogram.ts'
import { type CountedId, statistics } from './statistics/index.ts'
import { sampledImages } from './statistics/sampledMaxima.ts'
import type { ScannedLayer } from './statistics/statistic.ts'
import { gridOf } from './statistics/where.ts'
import { array, columnsOf, each } from './storedArrays.ts'
import type { TopKSnapshot } from './topK.ts'

/** The facts about a layer of a file. */
export interface StoredLayer extends Omit<ScannedLayer, 'classes'> {
  /** The number of classes. */
  readonly classCount: number
  /** Whether an image has been through. */
  has(image: number): boolean
}

/** Reads the sums of a statistic, null if a layer does not have it. */
const sumsOf: Readonly<Record<CountedId, (layer: StoredLayer) => Reader<unknown>>> = {
  lowest: storedTopK,
  quantiles: storedSample,
  maxima: ({ channels }) => storedMoments(channels),
  activity: ({ channels }) =>
    object({
      images: array(Uint32Array, channels),
      units: each(
        array(Float64Array, channels),
        (units) => Number.isSafeInteger(units) && units >= 0,
        'a number of units',
      ),
    }),
  histogram: ({ channels }) => storedHistogram(channels),
  where({ channels, units, columns }) {
    const [rows, ofGrid] = gridOf([units / columns, columns])
    return units === 1 ? nothing : array(Uint32Array, channels * rows * ofGrid)
  },
  classes: ({ channels, classCount }) => orNull(storedClassMeans(channels, classCount)),
  sampled({ channels, has }) {
    const fields = object({
      images: storedImages(sampledImages(channels), has),
      maxima: array(Float32Array),
    })
    return (value) => {
      const read = fields(value)
      if (read.maxima.length !== read.images.length * channels)
        throw new FieldProblem(`has not ${channels} maxima for each of ${read.images.length} images`)
      return read
    }
  },
}

/**
 * Reads a layer's snapshot out of a file, of which nothing is taken for granted. Statistics of other versions than ours, and those
 * that are not known here, are left out.
 */
export function storedSnapshot(layer: StoredLayer): Reader<LayerSnapshot> {
  const fields = object({
    units: whole(layer.units, layer.units),
    scanned: count,
    topK: storedTopK(layer),
    range: storedRange(layer.channels),
    statistics: plain,
  })
  const versioned = object({ version: whole(0), sums: (value: unknown) => value })
  return (value) => {
    const read = fields(value)
    const known: Record<string, StatisticSnapshot> = {}
    for (const { id, counted } of statistics) {
      if (!counted || !Object.hasOwn(read.statistics, id)) continue
      try {
        const { version, sums } = versioned(read.statistics[id])
        if (version === counted.version) known[id] = { version, sums: sumsOf[id as CountedId](layer)(sums) }
      } catch (error) {
        throw within(within(error, id), 'statistics')
      }
    }
    return { ...read, statistics: known }
  }
}

/** Reads a table of exactly `kept` patches a channel. */
function storedTopK({ channels, units, kept, has }: StoredLayer): Reader<TopKSnapshot> {
  const table = object({
    rows: array(Int32Array, channels * kept * 3),
    counts: each(array(Uint8Array, channels), (filled) => filled <= kept, `a count up to ${kept}`),
  })
  return (value) => {
    const read = table(value)
    const { rows, counts } = read
    const floats = new Float32Array(rows.buffer, rows.byteOffset, rows.length)
    const refused = (at: number, problem: string): FieldProblem =>
      new FieldProblem(problem).within(at).within('rows')
    for (let channel = 0, row = 0; channel < channels; channel++, row += kept * 3)
      for (let i = row; i < row + counts[channel]!; i++) {
        const [image, position] = [rows[i + kept]!, rows[i + 2 * kept]!]
        if (Number.isNaN(floats[i])) throw refused(i, 'is no activation')
        if (!has(image)) throw refused(i + kept, `is image ${image}, which has not been through`)
        if (!(position >= 0 && position < units))
          throw refused(i + 2 * kept, `is unit ${position} of ${units}`)
      }
    return read
  }
}

/** Reads what `merge` takes, of so many channels. */
function storedRange(channels: number): Reader<Pick<ChannelRange, 'highest' | 'lowest' | 'nanImages'>> {
  return object({
    highest: array(Float32Array, channels),
    lowest: array(Float32Array, channels),
    nanImages: array(Uint32Array, channels),
  })
}

/** Reads the snapshot of a sample. */
function storedSample({ channels, units, has }: StoredLayer): Reader<SampleSnapshot> {
  const isUnit = (position: number): boolean => position < units
  const positions: Reader<SampleSnapshot['positions']> =
    units <= 2 ** 16
      ? each(array(Uint16Array), isUnit, `a unit below ${units}`)
      : each(array(Uint32Array), isUnit, `a unit below ${units}`)
  const fields = object({ images: storedImages(sampleSize, has), maxima: array(Float32Array), positions })
  return (value) => {
    const read = fields(value)
    const { length } = read.images
    if (read.maxima.length !== length * channels || read.positions.length !== length * channels)
      throw new FieldProblem(`has not ${channels} maxima and positions for each of ${length} images`)
    return read
  }
}

/** Reads the images of a sample of so many: each at most once, and all of them have been through. */
function storedImages(most: number, has: (image: number) => boolean): Reader<Int32Array> {
  const images = each(array(Int32Array), has, 'the number of an image that has been through')
  return (value) => {
    const read = images(value)
    if (read.length > most || new Set(read).size < read.length)
      throw new FieldProblem(`has ${read.length} images, not up to ${most} different ones`)
    return read
  }
}

/** Reads the sums of so many cells: those of a group are whole multiples of its unit. */
function storedSums(cells: number): Reader<ColumnsSnapshot<Float64Array>> {
  const column = array(Float64Array, cells)
  return columnsOf(groups, (group) => {
    const scale = 2 ** (150 - lowestField(group))
    return each(column, (sum) => Number.isInteger(sum * scale), `a multiple of 1/${scale}`)
  })
}

/** Reads `ExactMoments` of so many cells. */
function storedMoments(cells: number): Reader<ColumnsSnapshot<Float64Array>> {
  const column = array(Float64Array, 3 * cells)
  return columnsOf(groups, (group) => {
    const scale = 2 ** (150 - lowestField(group))
    const units = [scale, (scale * scale) / 2 ** splitBits, scale * scale] as const
    return each(column, (sum, at) => Number.isInteger(sum * units[at % 3]!), 'a sum of numbers of its group')
  })
}

/** Reads the histograms of so many channels. */
function storedHistogram(channels: number): Reader<HistogramSnapshot> {
  const bins = channels * perOctave
  return object({
    zeros: array(Uint32Array, channels),
    octaves: columnsOf(signedExponents, () => array(Uint8Array, bins)),
    overruns: columnsOf(signedExponents, () => array(Uint32Array, bins)),
  })
}

/** Reads the means of so many classes. */
function storedClassMeans(channels: number, classes: number): Reader<ClassMeansSnapshot> {
  return object({
    images: array(Uint32Array, classes),
    sums: storedSums(classes * channels),
    leftOut: orNull(array(Uint32Array, classes * channels)),
  })
}
