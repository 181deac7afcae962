/** @file Everything that a results file says of a layer, as arrays. The last axis is that of the channels, but for boxes. */
import type { NamedArray } from './npy.ts'
import { PatchArrays } from './patchArrays.ts'
import { gatherings, type ShownLayer } from './statisticArrays.ts'

/** Takes in the channels one by one, so that the page can do something else in between. */
export class LayerArrays {
  readonly #layer: ShownLayer
  readonly #top: PatchArrays
  readonly #dead: Uint8Array
  readonly #statistics: readonly ReturnType<(typeof gatherings)[number]>[]

  constructor(layer: ShownLayer) {
    this.#layer = layer
    this.#top = new PatchArrays([layer.k], layer.result.channels)
    this.#dead = new Uint8Array(layer.result.channels)
    this.#statistics = gatherings.map((gathering) => gathering(layer))
  }

  add(channel: number): void {
    const { result, k, patchesAt } = this.#layer
    for (const [rank, patch] of patchesAt(result.top(channel, k)).entries())
      this.#top.set(rank, channel, patch)
    this.#dead[channel] = result.isDead(channel) ? 1 : 0
    for (const statistic of this.#statistics) statistic.add(channel)
  }

  arrays(): NamedArray[] {
    return [
      ...this.#top.arrays(''),
      { name: 'dead', shape: [this.#dead.length], data: { flags: this.#dead } },
      ...this.#statistics.flatMap((statistic) => statistic.arrays()),
    ]
  }
}
