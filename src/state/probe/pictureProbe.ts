/**
 * @file Looks at one picture after the other: what it does to the channels of some layers, and where. One pass is under way
 * at a time; of the pictures that come meanwhile only the latest is looked at, so a camera or a brush never runs ahead of the
 * network.
 */
import type { Pair } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Picture } from '../../engine/images/pictureInput.ts'
import type { ChannelMap } from '../../engine/scan/channelMap.ts'
import type { Remote } from '../../rpc/remote.ts'
import type { EnginePool } from '../workers/enginePool.ts'

export interface Sight {
  readonly picture: Picture
  readonly preprocessing: Preprocessing
  /** Indices into the network's layers. */
  readonly layers: readonly number[]
  /** The layers that the network's pass is prepared for; passes with the same ones begin at once. */
  readonly together: readonly number[]
}

/** What was found in a picture. */
export interface Seen {
  readonly id: number
  readonly sight: Sight
  /** The maximum of each channel, `[C]`, by layer; -Infinity if a channel has nothing but NaN. */
  readonly maxima: ReadonlyMap<number, Float32Array>
}

/** Engines keep the maps of one picture; these numbers tell which one. */
let lastId = 0

export class PictureProbe {
  readonly #pool: Pick<EnginePool, 'borrow'>
  readonly #isScanned: () => boolean
  #underWay: Promise<unknown> = Promise.resolve()
  #latest = 0
  #isOpen = true

  /** `isScanned` says whether a scan is under way. */
  constructor(pool: Pick<EnginePool, 'borrow'>, isScanned: () => boolean) {
    this.#pool = pool
    this.#isScanned = isScanned
  }

  /**
   * Resolves to null if a later picture has taken the place of this one, or the probe was closed. Rejects with `images/…` and with
   * what stops engines.
   */
  async look(sight: Sight): Promise<Seen | null> {
    const id = (this.#latest = ++lastId)
    // Others may wait, too; the latest of them goes on.
    await this.#underWay
    if (this.#latest !== id || !this.#isOpen) return null
    const pass = this.#borrow((engine) => engine.lookAt(id, sight))
    this.#underWay = pass.catch(() => undefined)
    const summaries = await pass
    if (!this.#isOpen) return null
    const maxima = new Map(sight.layers.map((layer, i) => [layer, summaries[i]!.max]))
    return { id, sight, maxima }
  }

  /** One channel's map; null if another picture has been looked at since. */
  map(seen: Seen, layer: number, channel: number): Promise<ChannelMap | null> {
    return this.#ask(seen, (engine) => engine.lookedMap(seen.id, layer, channel))
  }

  /** All channels of a layer at one unit, `[C]`; null if another picture has been looked at since. */
  unit(seen: Seen, layer: number, unit: Pair): Promise<Float32Array | null> {
    return this.#ask(seen, (engine) => engine.lookedUnit(seen.id, layer, unit))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Returns a function that closes it: then nothing is looked at any more, and the engine's memory is free again. */
  open(): () => void {
    this.#isOpen = true
    return () => {
      this.#isOpen = false
      if (this.#latest === 0) return
      const free = async (): Promise<void> => {
        await this.#underWay
        if (!this.#isOpen) await this.#borrow((engine) => engine.forgetLook())
      }
      // An engine that is gone has freed it.
      free().catch(() => undefined)
    }
  }

  /** The engine may have been replaced, or have looked at something for others: then it looks again. */
  #ask<T>(seen: Seen, question: (engine: Remote<Engine>) => Promise<T | null>): Promise<T | null> {
    return this.#borrow(async (engine) => {
      for (;;) {
        const answer = await question(engine)
        if (answer !== null) return answer
        if (!this.#isOpen || this.#latest !== seen.id) return null
        await engine.lookAt(seen.id, seen.sight)
      }
    })
  }

  #borrow<T>(task: (engine: Remote<Engine>) => Promise<T>): Promise<T> {
    return this.#pool.borrow(task, this.#isScanned)
  }
}
