/** @file Images from ten quantiles of the maxima, in a sample of the images (`ImageSample`). */
import { finite, list, object, optional, type ReadBy } from '../../fields.ts'
import { ImageSample, type QuantileGroup, quantileGroupsOf, type SampleSnapshot } from '../imageSample.ts'
import type { FoundGroup } from '../foundEntry.ts'
import { patch, type PatchColumns, PatchGatherer, type PatchRecord, shortFloat32 } from './patchRecord.ts'
import type { Accumulator, ReadableResult, Rows, Statistic } from './statistic.ts'

class Sample implements Accumulator<QuantileGroup[], SampleSnapshot> {
  readonly #sample: ImageSample

  constructor(channels: number, units: number) {
    this.#sample = new ImageSample(channels, units)
  }

  addRows({ summary: { channels, max, position }, images, first, end }: Rows): void {
    for (let row = first; row < end; row++)
      this.#sample.offer(images[row]!, max, position, row * channels, (row + 1) * channels)
  }

  of(channel: number, result: ReadableResult): QuantileGroup[] {
    return result.isDead(channel) ? [] : quantileGroupsOf(this.#sample.sorted(channel))
  }

  snapshot(): SampleSnapshot {
    return this.#sample.snapshot()
  }

  add(snapshot: SampleSnapshot): void {
    this.#sample.add(snapshot)
  }

  get bytes(): number {
    return this.#sample.bytes
  }
}

export interface QuantileRecord {
  /** Lowest and highest maximum of the group's images in the sample. */
  readonly from: number
  readonly to: number
  /** Up to two images, those nearest to the group's middle by rank. */
  readonly samples: readonly PatchRecord[]
}

const fields = { quantiles: optional(list(object({ from: finite, to: finite, samples: list(patch) }))) }

export interface GroupColumns {
  readonly starts: Uint32Array
  /** `[groups, 2]` */
  readonly bounds: Float64Array
  /** By group. */
  readonly samples: PatchColumns
}

/** A dead channel has none. */
export const quantiles = {
  id: 'quantiles',
  counted: {
    version: 1,
    begin: ({ channels, units }): Accumulator<QuantileGroup[]> => new Sample(channels, units),
  },
  shown: (groups, { entry }) =>
    groups.map(({ members, samples, ...bounds }) => ({
      ...bounds,
      samples: samples.map(entry),
      ...(members ? { members: members.map(entry) } : {}),
    })),
  record: {
    within: 'channel',
    /**
     * Ten groups of images by rank of their maximum, lowest first: the first tenth, the second … Of a sample of up to 80
     * images, the same for all channels (those with the smallest MurmurHash3 finalizer of their number in order of paths,
     * from 0). The rank of a value in such a sample is off by 5.6 % of all images at most in one standard deviation. There
     * are fewer groups only if there are fewer than ten images.
     */
    write: (groups, { patchOf }): { readonly quantiles: readonly QuantileRecord[] } => ({
      quantiles: groups.map(({ from, to, samples }) => ({
        from: shortFloat32(from),
        to: shortFloat32(to),
        samples: samples.map(patchOf),
      })),
    }),
    fields,
    gather(names) {
      const starts = [0]
      const bounds: number[] = []
      const gatherer = new PatchGatherer(names)
      return {
        add(read) {
          for (const { from, to, samples } of (read as ReadBy<typeof fields>).quantiles ?? []) {
            bounds.push(from, to)
            gatherer.addRow(samples)
          }
          starts.push(bounds.length / 2)
        },
        columns: (end) => ({
          starts: Uint32Array.from(starts),
          bounds: Float64Array.from(bounds),
          samples: gatherer.columns(end),
        }),
      }
    },
    read({ starts, bounds, samples }, channel, { entries }) {
      const groups: FoundGroup[] = []
      for (let group = starts[channel]!; group < starts[channel + 1]!; group++)
        groups.push({
          from: bounds[2 * group]!,
          to: bounds[2 * group + 1]!,
          samples: entries(samples, group),
        })
      return groups
    },
  },
} as const satisfies Statistic<readonly FoundGroup[], GroupColumns>
