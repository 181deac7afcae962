/** @file What a layer's result is stored as. */
import type { ChannelRange } from './channelRange.ts'
import type { ClassMeansSnapshot } from './classMeans.ts'
import type { SampleSnapshot } from './imageSample.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'
import type { HistogramSnapshot } from './maximaHistogram.ts'
import type { TopKSnapshot } from './topK.ts'

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
  const { lowestK, statistics, sample, classMeans, ...others } = stored
  const { moments, histogram, firingImages, firingUnits } = statistics
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
