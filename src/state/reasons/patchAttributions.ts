/** @file The attributions of patches that were found last, so that none is computed twice while somebody looks at them. */
import { RecentlyUsed } from '../../core/recentlyUsed.ts'
import { inTurn } from '../../core/timing/inTurn.ts'
import type { Engine } from '../../engine/engine.ts'
import type {
  Attribution,
  AttributionClaim,
  DeletionTest,
  GradientMethod,
  Occlusion,
} from '../../engine/reasons/attribution.ts'
import type { Remote } from '../../rpc/remote.ts'
import type { MeanInput } from './meanInput.ts'

export interface FoundAttribution {
  readonly method: GradientMethod
  readonly map: Attribution
  readonly mean: MeanInput
  /** Is null until it is known. */
  readonly test: DeletionTest | null
}

/** A patch and all that its attribution depends on. */
export interface AttributionTarget {
  /** The same for the same one only. */
  readonly key: string
  readonly mean: MeanInput
  readonly claim: AttributionClaim
}

/** Bytes of all maps together: a hundred of 224×224 pixels. */
const mostBytes = 20e6

/** So many squares are hidden before the map is drawn anew. */
const squaresAtOnce = 16

export class PatchAttributions {
  readonly #borrow: <T>(task: (engine: Remote<Engine>) => Promise<T>) => Promise<T>
  readonly #turns = inTurn()
  readonly #found = new RecentlyUsed<FoundAttribution>(mostBytes, ({ map: { values } }) => values.byteLength)
  readonly #occlusions = new RecentlyUsed<Occlusion>(mostBytes, ({ values }) => values.byteLength)
  #latest: { readonly key: string; readonly id: number } = { key: '', id: 0 }

  constructor(borrow: <T>(task: (engine: Remote<Engine>) => Promise<T>) => Promise<T>) {
    this.#borrow = borrow
  }

  /** What is known of a key, if it was found to the end. */
  known(key: string): FoundAttribution | null {
    return this.#found.get(key) ?? null
  }

  /**
   * Calls `onFound` with what one gradient says, then with what many do, then with its test. One attribution is computed at a time.
   * Resolves soon after the signal is aborted; then nothing is found any more.
   */
  find(
    { key, mean, claim }: AttributionTarget,
    onFound: (found: FoundAttribution) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#turns(async () => {
      const known = this.known(key)
      if (known) return onFound(known)
      const id = this.#idOf(key)
      for (const method of ['gradient', 'integrated'] as const) {
        if (signal.aborted) return
        const map = await this.#borrow((engine) => engine.attribution(id, claim, method))
        if (signal.aborted) return
        onFound({ method, map, mean, test: null })
        if (method === 'gradient') continue
        const test = await this.#borrow((engine) => engine.deletionTest(id, claim, map.values))
        const found = { method, map, mean, test }
        this.#found.set(key, found)
        if (!signal.aborted) onFound(found)
      }
    })
  }

  /** Calls `onFound` with the map of more and more squares. Resolves soon after the signal is aborted. */
  async occlude(
    { key, claim }: Pick<AttributionTarget, 'key' | 'claim'>,
    onFound: (found: Occlusion) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let found = this.#occlusions.get(key) ?? null
    if (found) onFound(found)
    const id = this.#idOf(key)
    while (!signal.aborted && (found === null || found.done < found.of)) {
      const losses: readonly number[] = found?.losses ?? []
      found = await this.#borrow((engine) =>
        engine.occlusion(id, claim, losses, losses.length + squaresAtOnce),
      )
      this.#occlusions.set(key, found)
      if (!signal.aborted) onFound(found)
    }
  }

  /** Engines keep the patch that was asked for last, by this number. */
  #idOf(key: string): number {
    if (this.#latest.key !== key) this.#latest = { key, id: ++lastId }
    return this.#latest.id
  }
}

let lastId = 0
