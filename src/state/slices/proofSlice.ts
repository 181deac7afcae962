/** @file The proof of a patch: noise outside of its box does not change the activation of its unit. */
import { isClause, sentence } from '../../core/errors.ts'
import type { Slice, ProofSlice } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { Latest } from '../timing/latest.ts'

export const createProof: Slice<ProofSlice> = (set, get, { pool }) => {
  const attempts = new Latest()
  return {
    proof: null,
    async provePatch(patch) {
      const { model, images, preprocessing, layer, channel, openingModel } = get()
      // While a model is being opened, the engines are about to change.
      if (!model || !images || layer === null || channel === null || openingModel !== null) return
      const attempt = attempts.begin()
      const proof = { model, images, preprocessing, layer, channel, patch, outcome: null }
      set({ proof })
      try {
        const handle = await images.handleOf(patch.image)
        const claim = {
          layer: model.network.layers.findIndex(({ name }) => name === layer),
          channel,
          unit: patch.unit,
          box: patch.box,
          handle,
          preprocessing,
          seed: patch.image + 1,
        }
        const outcome = await pool.borrow(
          (engine) => engine.provePatch(claim),
          () => isUnderWay(get().scan),
        )
        if (!attempt.aborted) set({ proof: { ...proof, outcome } })
      } catch (error) {
        if (attempt.aborted) return
        set({ proof: null })
        if (isClause(error)) {
          const image = images.table.paths[patch.image]!
          get().notify('error', sentence('proof/unreadable', { image, reason: error.message }))
        } else get().report(error)
      }
    },
  }
}
