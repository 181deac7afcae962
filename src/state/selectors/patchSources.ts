/** @file What patches of a layer are drawn with. */
import type { Network } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { AppState } from '../appState.ts'
import { inputShapeOf, preprocessingOf } from './shown.ts'
import { showsToEdge } from './wideField.ts'

export interface PatchSources extends Pick<AppState, 'images'> {
  readonly inputShape: Network['inputShape']
  readonly preprocessing: Preprocessing
  /** See `showsToEdge`. */
  readonly toEdge: boolean
}

/** Returns null if nothing is open. */
export function patchSources(state: AppState, layer: string): PatchSources | null {
  const inputShape = inputShapeOf(state)
  const { images } = state
  return (
    inputShape && {
      images,
      inputShape,
      preprocessing: preprocessingOf(state),
      toEdge: showsToEdge(state, layer),
    }
  )
}
