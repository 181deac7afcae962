/** @file The latest proof of a patch, if it is one of the patch that is looked at, and what it says. */
import type { PatchProof } from '../../engine/scan/provePatch.ts'
import type { AppState, Proof } from '../appState.ts'
import type { Patch } from '../mosaic/patches.ts'

/** Two runs with the same patch may differ by this much, relative to the channel's largest activation. */
const tolerance = 1e-4

/** The latest proof, if it is about this patch with everything that is open and set now. */
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

/** Whether the activation is the same before and after, to float accuracy. */
export function agrees({ before, after, scale }: Pick<PatchProof, 'before' | 'after' | 'scale'>): boolean {
  return Math.abs(after - before) <= tolerance * Math.max(Math.abs(before), scale)
}
