/** @file The unfinished scan that can go on now. */
import type { AppState, Resumable } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** Returns null if the scan belongs to another model or other images, or while a scan is under way. */
export function resumableOf({ resumable, model, images, scan }: AppState): Resumable | null {
  const holds = resumable !== null && resumable.model === model && resumable.images === images
  return holds && !isUnderWay(scan) ? resumable : null
}
