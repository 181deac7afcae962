/** @file What a layer's result is stored as. */
import { count, object, plain, type Reader, whole, within } from '../fields.ts'
import { type ChannelRange, storedRange } from './channelRange.ts'
import type { ClassMeansSnapshot } from './classMeans.ts'
import type { SampleSnapshot } from './imageSample.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'
import type { HistogramSnapshot } from './maximaHistogram.ts'
import { statistics } from './statistics/index.ts'
import type { StoredLayer } from './statistics/statistic.ts'
import { storedTopK, type TopKSnapshot } from './topK.ts'

/** All of it as plain data. Equal results have equal snapshots. */
export interface LayerSnapshot {
  readonly units: number
  readonly scanned: number
  readonly topK: TopKSnapshot
  readonly range: Pick<ChannelRange, 'highest' | 'lowest' | 'nanImages'>
  /** By id. A statistic that is missing was not counted for all of the images. */
  readonly statistics: Readonly<Record<string, StatisticSnapshot>>
}

export interface StatisticSnapshot {
  readonly version: number
  /** Is null if the layer does not have the statistic. */
  readonly sums: unknown
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
        if (version === counted.version) known[id] = { version, sums: counted.stored(layer)(sums) }
      } catch (error) {
        throw within(within(error, id), 'statistics')
      }
    }
    return { ...read, statistics: known }
  }
}

/** A snapshot as it was stored until statistics had versions: what they held then is what their version 1 holds. */
export interface UnversionedSnapshot extends Omit<LayerSnapshot, 'statistics'> {
  readonly lowestK: TopKSnapshot
  readonly statistics: {
    readonly moments: ColumnsSnapshot<Float64Array>
    readonly histogram: HistogramSnapshot
    readonly firingImages: Uint32Array
    readonly firingUnits: Float64Array
  }
  readonly sample: SampleSnapshot
  readonly classMeans: ClassMeansSnapshot | null
}

/** The snapshot as it would be stored today. */
export function withVersions(stored: LayerSnapshot | UnversionedSnapshot): LayerSnapshot {
  if (!('lowestK' in stored)) return stored
  const { lowestK, statistics: counted, sample, classMeans, ...others } = stored
  const { moments, histogram, firingImages, firingUnits } = counted
  const sums = {
    lowest: lowestK,
    quantiles: sample,
    maxima: moments,
    activity: { images: firingImages, units: firingUnits },
    histogram,
    classes: classMeans,
  }
  return {
    ...others,
    statistics: Object.fromEntries(Object.entries(sums).map(([id, one]) => [id, { version: 1, sums: one }])),
  }
}
