/**
 * @file All measures of all channels of a layer, found a few channels at a time. Those that are measured only when they are asked
 * for come from outside, and may change at any time.
 */
import type { ReadableResult } from '../statistics/statistic.ts'
import { selectivityOf } from './choosy.ts'
import { Evidence } from './evidence.ts'
import { foundMeasures, measures } from './index.ts'

/** Stands for no class, as a class that only a results file knows has a negative number. */
export const noClass = -(2 ** 31)

export class MeasuredLayer {
  readonly result: ReadableResult
  readonly channels: number
  /** The number of images that the layer had seen when this was begun. */
  readonly scanned: number
  /** How many channels are measured, from channel 0 on. */
  done = 0
  /** By id, `[channels]`: NaN if it is not known or has no meaning. */
  readonly #values: ReadonlyMap<string, Float64Array>
  /** Both `[channels]`: the class that most of the top are of, and that with the highest mean maximum. */
  readonly topClass: Int32Array
  readonly bestClass: Int32Array
  readonly #k: number
  readonly #classOf: Int32Array

  /** See `Evidence`. `asked` has the values of measures that are no `foundMeasures`, as they are; without it, none is known. */
  constructor(
    result: ReadableResult,
    k: number,
    classOf: Int32Array,
    asked: ReadonlyMap<string, Float64Array> = new Map(),
  ) {
    const { channels, scanned } = result
    this.result = result
    this.channels = channels
    this.scanned = scanned
    this.#k = k
    this.#classOf = classOf
    this.#values = new Map(
      measures.map(({ id }) => [id, asked.get(id) ?? new Float64Array(channels).fill(Number.NaN)]),
    )
    this.topClass = new Int32Array(channels).fill(noClass)
    this.bestClass = new Int32Array(channels).fill(noClass)
  }

  /** Throws `RangeError` if there is no such measure. */
  values(id: string): Float64Array {
    const values = this.#values.get(id)
    if (!values) throw new RangeError(`no measure is called ${id}`)
    return values
  }

  get isDone(): boolean {
    return this.done === this.channels
  }

  /** Measures the next channels, `most` of them at most. One channel takes some 20 to 100 µs, with many classes more. */
  next(most: number): void {
    const end = Math.min(this.channels, this.done + most)
    for (let channel = this.done; channel < end; channel++) {
      const evidence = new Evidence(this.result, channel, this.#k, this.#classOf)
      for (const { id, of } of foundMeasures) this.#values.get(id)![channel] = of(evidence) ?? Number.NaN
      this.topClass[channel] = evidence.leadingClass?.classNumber ?? noClass
      this.bestClass[channel] = selectivityOf(evidence)?.classNumber ?? noClass
    }
    this.done = end
  }
}
