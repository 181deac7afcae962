/**
 * @file What a results file says of the channels of a layer, as flat arrays: a file of 200 MB takes a third of that, and
 * is handed from a worker to the page without a copy.
 */
import { statistics } from '../scan/statistics/index.ts'
import {
  type EndOfLayer,
  type NameNumbers,
  type PatchColumns,
  PatchGatherer,
} from '../scan/statistics/patchRecord.ts'
import type { Gatherer } from '../scan/statistics/statistic.ts'
import type { ChannelFields } from './channelFields.ts'

export interface LayerColumns {
  /** 1 for a dead channel. */
  readonly dead: Uint8Array
  readonly top: PatchColumns
  /** The arrays that each statistic's gatherer has made, by id. */
  readonly statistics: Readonly<Record<string, unknown>>
}

/** Takes in the channels of a layer in their order. */
export class LayerGatherer {
  readonly #dead: number[] = []
  readonly #top: PatchGatherer
  readonly #gatherers: readonly {
    readonly id: string
    readonly within: 'channel' | 'statistics'
    readonly gatherer: Gatherer<unknown>
  }[]

  constructor(names: NameNumbers) {
    this.#top = new PatchGatherer(names)
    this.#gatherers = statistics.flatMap(({ id, record }) =>
      record ? [{ id, within: record.within, gatherer: record.gather(names) }] : [],
    )
  }

  get channels(): number {
    return this.#dead.length
  }

  add(fields: ChannelFields): void {
    this.#dead.push(fields.dead ? 1 : 0)
    this.#top.addRow(fields.top)
    for (const { within, gatherer } of this.#gatherers)
      gatherer.add(within === 'channel' ? fields : (fields.statistics ?? null))
  }

  /** Throws `FieldProblem` if something does not fit the layer. */
  columns(end: EndOfLayer): LayerColumns {
    return {
      dead: Uint8Array.from(this.#dead),
      top: this.#top.columns(end),
      statistics: Object.fromEntries(this.#gatherers.map(({ id, gatherer }) => [id, gatherer.columns(end)])),
    }
  }
}

/** The memory of all arrays, each once, to be handed over. */
export function buffersOf(columns: object): ArrayBufferLike[] {
  return Object.values(columns).flatMap((part: unknown) => {
    if (ArrayBuffer.isView(part)) return [part.buffer]
    return typeof part === 'object' && part !== null ? buffersOf(part) : []
  })
}
