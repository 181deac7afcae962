/** @file The layers that Run is about. */
import type { AppState } from '../appState.ts'

/** The names of the layers that the scope stands for. */
export function scopeLayers({ scope, layer }: Pick<AppState, 'scope' | 'layer'>): readonly string[] {
  if (scope !== 'shown') return scope
  return layer === null ? [] : [layer]
}
