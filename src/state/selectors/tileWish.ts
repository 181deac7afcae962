/** @file The made picture that a tile of the grid shows. */
import type { AppState, PictureWish } from '../appState.ts'
import { patchesOf } from '../mosaic/patches.ts'
import { modelOf, resultOf } from './shown.ts'

/** It is for the best patch, in the way that is chosen. Null if there is none. */
export function tileWish(state: AppState, layer: string, channel: number): PictureWish | null {
  const model = modelOf(state)
  const result = resultOf(state, layer)
  if (!model || !result || result.isDead(channel)) return null
  const [patch] = patchesOf(model, layer, result, channel, 1)
  if (!patch || patch.image < 0) return null
  const { way, whole } = state.synthesis
  return { layer, channel, patch, way, whole, nth: 0 }
}
