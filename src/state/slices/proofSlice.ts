/** @file The proof of a patch: that noise outside of its box does not change what its unit answers. */
import { isClause, sentence } from '../../core/errors.ts'
import type { PatchProof } from '../../engine/scan/provePatch.ts'
import type { AppState, Slice } from '../appState.ts'
import type { Patch } from '../mosaic/patches.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** The patch that is being proved or was; what it holds for is kept along. */
export interface Proof extends Pick<AppState, 'model' | 'images' | 'preprocessing' | 'layer' | 'channel'> {
  readonly patch: Patch
  /** Null while the network runs. */
  readonly outcome: PatchProof | null
}

export interface ProofSlice {
  /** The latest one. */
  readonly proof: Proof | null
  /** Of the shown channel. Never rejects: what goes wrong is told. */
  provePatch(patch: Patch): Promise<void>
}

/** Two runs that see the same patch differ by no more, relative to the channel's largest activation. */
const tolerance = 1e-4

export const createProof: Slice<ProofSlice> = (set, get, { pool }) => {
  let latest = 0
  return {
    proof: null,
    async provePatch(patch) {
      const { model, images, preprocessing, layer, channel, openingModel } = get()
      // The engines are about to change while a model is being opened.
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
        // A scan that is under way finds out by itself; its engines must not be replaced below it.
        if (!isUnderWay(get().scan)) pool.markBroken()
        get().report(error)
      }
    },
  }
}

/** The latest proof, if it is one of this patch as everything is set now. */
export function proofOf(state: AppState, patch: Patch): Proof | null {
  const { proof } = state
  const holds =
    proof !== null &&
    proof.model === state.model &&
    proof.images === state.images &&
    proof.preprocessing === state.preprocessing &&
    proof.layer === state.layer &&
    proof.channel === state.channel &&
    proof.patch.image === patch.image &&
    String(proof.patch.unit) === String(patch.unit)
  return holds ? proof : null
}

/** To float accuracy. */
export function agrees({ before, after, scale }: Pick<PatchProof, 'before' | 'after' | 'scale'>): boolean {
  return Math.abs(after - before) <= tolerance * Math.max(Math.abs(before), scale)
}
