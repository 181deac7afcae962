/** @file The activation maps that were computed last, so that none is computed twice while somebody looks at them. */
import type { ActivationMap } from '../../core/mosaic/heatMap.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { inTurn } from '../../core/timing/inTurn.ts'

/** One channel of a layer for one image, with all that its numbers depend on. */
export interface HeatTarget {
  readonly model: object
  readonly images: object
  readonly preprocessing: Preprocessing
  readonly layer: string
  readonly channel: number
  readonly image: number
}

/** Bytes of all maps together: a hundred of 224×224 units. */
const mostBytes = 20e6

export class HeatMaps {
  readonly #compute: (target: HeatTarget) => Promise<ActivationMap>
  readonly #mostBytes: number
  readonly #turns = inTurn()
  readonly #ids = new WeakMap<object, number>()
  /** The one that was asked for last is the last one. */
  readonly #maps = new Map<string, ActivationMap>()
  #bytes = 0
  #nextId = 0

  /** Tests set how much is kept. */
  constructor(compute: (target: HeatTarget) => Promise<ActivationMap>, bytes = mostBytes) {
    this.#compute = compute
    this.#mostBytes = bytes
  }

  /** The map, if it is known. */
  known(target: HeatTarget): ActivationMap | null {
    return this.#maps.get(this.#keyOf(target)) ?? null
  }

  /**
   * Computes a map that is not known. One is computed at a time, in the order in which they are asked for; resolves to null if the
   * signal was aborted before its turn.
   */
  async of(target: HeatTarget, signal?: AbortSignal): Promise<ActivationMap | null> {
    const key = this.#keyOf(target)
    return (
      this.#used(key) ??
      this.#turns(() => (signal?.aborted ? null : (this.#used(key) ?? this.#add(key, target))))
    )
  }

  #used(key: string): ActivationMap | null {
    const map = this.#maps.get(key)
    if (!map) return null
    this.#maps.delete(key)
    this.#maps.set(key, map)
    return map
  }

  async #add(key: string, target: HeatTarget): Promise<ActivationMap> {
    const map = await this.#compute(target)
    this.#maps.set(key, map)
    this.#bytes += map.values.byteLength
    for (const [oldest, { values }] of this.#maps) {
      if (this.#bytes <= this.#mostBytes || oldest === key) break
      this.#maps.delete(oldest)
      this.#bytes -= values.byteLength
    }
    return map
  }

  #keyOf({ model, images, preprocessing, layer, channel, image }: HeatTarget): string {
    return [this.#idOf(model), this.#idOf(images), this.#idOf(preprocessing), channel, image, layer].join('/')
  }

  #idOf(object: object): number {
    let id = this.#ids.get(object)
    if (id === undefined) this.#ids.set(object, (id = this.#nextId++))
    return id
  }
}
