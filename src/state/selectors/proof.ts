/** @file The latest proof of a patch, if it is one of the patch that is looked at, and what it says. */
import type { PatchProof } from '../../engine/scan/provePatch.ts'
import type { AppState, Proof } from '../appState.ts'
import type { Patch } from '../mosaic/patches.ts'

/** Two runs that see the same patch differ by no more, relative to the channel's largest activation. */
const tolerance = 1e-4

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
