/** @file One channel as the results file has it. */
import type { Shape } from '../model/network.ts'
import { unitAt } from '../model/units.ts'
import type { UnitPlaces } from '../model/receptiveField.ts'
import type { LayerResult } from '../scan/layerResult.ts'
import { statistics, type WrittenRecord } from '../scan/statistics/index.ts'
import { type PatchRecord, shortFloat32 } from '../scan/statistics/patchRecord.ts'
import type { RecordTable, RecordWriter } from '../scan/statistics/statistic.ts'
import type { TopEntry } from '../scan/topK.ts'

/** Each statistic says what it writes (`core/scan/statistics`). */
export interface ChannelRecord extends WrittenRecord<'channel'> {
  readonly channel: number
  /** Only there if it is: one value in every unit of every image. Such a channel has no patches. */
  readonly dead?: true
  /** Images in which the channel made NaN; not there if there are none. */
  readonly nanImages?: number
  /** The k images with the highest maxima, highest first; equal ones by path. */
  readonly top: readonly PatchRecord[]
  /** Statistics of the images' maxima, one number an image. They do not depend on the order of the scan, to the last bit. */
  readonly statistics: WrittenRecord<'statistics'>
}

/** Returns what makes the records of one layer's channels, with the k highest and lowest. */
export function channelRecorder(
  {
    shape,
    places,
    result,
  }: { readonly shape: Shape; readonly places: UnitPlaces; readonly result: LayerResult },
  k: number,
  table: RecordTable,
): (channel: number) => ChannelRecord {
  const patchOf = ({ image, activation, position }: TopEntry): PatchRecord => {
    const unit = unitAt(shape, position)
    const seat = places.seat(...unit)
    return {
      image: table.paths[image]!,
      activation: shortFloat32(activation),
      unit,
      box: places.box(...unit),
      ...(seat ? { seat } : {}),
    }
  }
  return (channel) => {
    const nanImages = result.range.nanImages[channel]!
    const record: object = {
      channel,
      ...(result.isDead(channel) ? { dead: true as const } : {}),
      ...(nanImages > 0 ? { nanImages } : {}),
      top: result.top(channel, k).map(patchOf),
    }
    addStatistics(record, { channel, result, k, table, patchOf })
    return record as ChannelRecord
  }
}

/** Adds what the statistics write, in the order of their list. */
function addStatistics(record: { statistics?: object }, writer: RecordWriter): void {
  for (const statistic of statistics) {
    const value = statistic.record && writer.result.of(statistic, writer.channel)
    if (!statistic.record || value === null) continue
    const { within } = statistic.record
    const target = within === 'channel' ? record : (record.statistics ??= {})
    Object.assign(target, statistic.record.write(value, writer))
  }
}
