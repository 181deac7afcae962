/** @file The activation maps that were computed last, so that none is computed twice while somebody looks at them. */
import type { ActivationMap } from '../../core/mosaic/heatMap.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { ObjectIds } from '../../core/objectIds.ts'
import { RecentlyUsed } from '../../core/recentlyUsed.ts'
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
  readonly #turns = inTurn()
  readonly #ids = new ObjectIds()
  readonly #maps: RecentlyUsed<ActivationMap>

  /** Tests set how much is kept. */
  constructor(compute: (target: HeatTarget) => Promise<ActivationMap>, bytes = mostBytes) {
    this.#compute = compute
    this.#maps = new RecentlyUsed(bytes, ({ values }) => values.byteLength)
  }

  /** The map, if it is known. */
  known(target: HeatTarget): ActivationMap | null {
    return this.#maps.peek(this.#keyOf(target)) ?? null
  }

  /**
   * Computes a map that is not known. One is computed at a time, in the order in which they are asked for; resolves to null if the
   * signal was aborted before its turn.
   */
  async of(target: HeatTarget, signal?: AbortSignal): Promise<ActivationMap | null> {
    const key = this.#keyOf(target)
    return (
      this.#maps.get(key) ??
      this.#turns(() => (signal?.aborted ? null : (this.#maps.get(key) ?? this.#add(key, target))))
    )
  }

  async #add(key: string, target: HeatTarget): Promise<ActivationMap> {
    const map = await this.#compute(target)
    this.#maps.set(key, map)
    return map
  }

  #keyOf({ model, images, preprocessing, layer, channel, image }: HeatTarget): string {
    return [
      this.#ids.of(model),
      this.#ids.of(images),
      this.#ids.of(preprocessing),
      channel,
      image,
      layer,
    ].join('/')
  }
}
