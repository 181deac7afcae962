/** @file The proof of a patch: noise outside of its box does not change the activation of its unit. */
import { isClause, sentence } from '../../core/errors.ts'
import type { Slice, ProofSlice } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

export const createProof: Slice<ProofSlice> = (set, get, { pool }) => {
  let latest = 0
  return {
    proof: null,
    async provePatch(patch) {
      const { model, images, preprocessing, layer, channel, openingModel } = get()
      // While a model is being opened, the engines are about to change.
      if (!model || !images || layer === null || channel === null || openingModel !== null) return
      const attempt = ++latest
      const proof = { model, images, preprocessing, layer, channel, patch, outcome: null }
      set({ proof })
      try {
        const [engine] = pool.engines()
        const outcome = await (
          await engine!
        ).provePatch({
          layer: model.network.layers.findIndex(({ name }) => name === layer),
          channel,
          unit: patch.unit,
          box: patch.box,
          handle: await images.handleOf(patch.image),
          preprocessing,
          seed: patch.image + 1,
        })
        if (attempt === latest) set({ proof: { ...proof, outcome } })
      } catch (error) {
        if (attempt !== latest) return
        set({ proof: null })
        if (isClause(error)) {
          const image = images.table.paths[patch.image]!
          get().notify('error', sentence('proof/unreadable', { image, reason: error.message }))
          return
        }
        // A scan that is under way notices it by itself, and its engines must not be replaced meanwhile.
        if (!isUnderWay(get().scan)) pool.markBroken()
        get().report(error)
      }
    },
  }
}
