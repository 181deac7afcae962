/** @file What is left to scan of models that were opened together. */
import { sameSettings } from '../../core/preprocessing/preprocessing.ts'
import type { AppState, SeriesMember } from '../appState.ts'
import { scopeLayers } from './scopeLayers.ts'

/** Whether these layers of a model, by the names of the open one, are kept as they would be scanned now. */
export function isKept(
  { comparison, preprocessing, selection }: AppState,
  { kept, names }: SeriesMember,
  wanted: readonly string[],
): boolean {
  const parts = comparison.scans.find(({ id }) => id === kept)?.parts ?? []
  const chosen = JSON.stringify([selection.classes, selection.splits, selection.sample])
  return wanted.every((name) => {
    const own = names.get(name)
    return parts.some(({ read }) => {
      const { classes, splits } = read.images.selection
      const layer = read.layers.find((one) => one.name === own)
      return (
        layer !== undefined &&
        sameSettings(read.preprocessing, preprocessing) &&
        JSON.stringify([classes, splits, layer.sample]) === chosen
      )
    })
  })
}

/** The models of the series whose layers of the scope are still to be scanned. */
export function seriesLeft(state: AppState): readonly SeriesMember[] {
  const wanted = scopeLayers(state)
  return (state.series ?? []).filter((member) => member.status !== 'failed' && !isKept(state, member, wanted))
}
