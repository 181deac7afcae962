/** @file Whether the patches of a layer reach far beyond the image, and how much of them is shown. */
import { isWideField } from '../../core/mosaic/shownBox.ts'
import type { AppState } from '../appState.ts'
import { fieldOf, inputShapeOf } from './shown.ts'

/** Whether patches of a layer are shown to the edge of the image only. */
export function showsToEdge(state: AppState, layer: string): boolean {
  return state.toEdge && hasWideField(state, layer)
}

/** Whether that makes a difference. */
export function hasWideField(state: AppState, layer: string): boolean {
  const inputShape = inputShapeOf(state)
  const field = fieldOf(state, layer)
  return inputShape !== null && field !== null && isWideField(field, [inputShape[0], inputShape[1]])
}
