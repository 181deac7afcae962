/** @file Whether nothing goes on that the user waits for. */
import type { AppState } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

export function isQuiet(state: AppState): boolean {
  const { scan, queue, openingModel, readingImages, openingProject } = state
  const isOpening = openingModel !== null || readingImages !== null || openingProject !== null
  return !isOpening && !isUnderWay(scan) && queue.length === 0
}
