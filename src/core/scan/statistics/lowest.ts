/** @file The images with the lowest maxima: lowest first, then by number. */
import { optional, type ReadBy } from '../../fields.ts'
import type { FoundEntry } from '../foundEntry.ts'
import { TopK, type TopEntry, type TopKSnapshot } from '../topK.ts'
import { patches, type PatchColumns, PatchGatherer, type PatchRecord } from './patchRecord.ts'
import type { Accumulator, ReadableResult, Rows, Statistic } from './statistic.ts'

class LowestK implements Accumulator<TopEntry[], TopKSnapshot> {
  /** The activations are negated. */
  readonly #topK: TopK

  constructor(channels: number, kept: number) {
    this.#topK = new TopK(channels, kept)
  }

  addRows({ summary: { channels, max, position }, images, first, end }: Rows): void {
    for (let row = first; row < end; row++)
      this.#topK.offerRow(images[row]!, max, position, row * channels, -1)
  }

  of(channel: number, result: ReadableResult): TopEntry[] {
    if (result.isDead(channel)) return []
    return this.#topK.entries(channel).map((entry) => ({ ...entry, activation: 0 - entry.activation }))
  }

  snapshot(): TopKSnapshot {
    return this.#topK.snapshot()
  }

  add(snapshot: TopKSnapshot): void {
    this.#topK.add(snapshot)
  }

  get bytes(): number {
    return this.#topK.bytes
  }
}

const fields = { lowest: optional(patches(-1)) }

/** A dead channel has none. */
export const lowest = {
  id: 'lowest',
  counted: {
    version: 1,
    begin: ({ channels, kept }): Accumulator<TopEntry[]> => new LowestK(channels, kept),
  },
  shown: (entries, { entry }) => entries.map(entry),
  record: {
    within: 'channel',
    /** The k images with the lowest maxima, lowest first; equal ones by path. */
    write: (entries, { k, patchOf }): { readonly lowest: readonly PatchRecord[] } => ({
      lowest: entries.slice(0, k).map(patchOf),
    }),
    fields,
    gather(names) {
      const gatherer = new PatchGatherer(names)
      return {
        add: (read) => gatherer.addRow((read as ReadBy<typeof fields>).lowest ?? []),
        columns: (end) => gatherer.columns(end),
      }
    },
    read: (columns, channel, { entries }) => entries(columns, channel),
  },
} as const satisfies Statistic<readonly FoundEntry[], PatchColumns>
