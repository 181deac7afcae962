/** @file The snapshot to save: everything that a scan has found, to go on from it and to put parts of a scan together. */
import { snapshotEnding } from '../../core/results/snapshot/snapshotHead.ts'
import type { AppState } from '../appState.ts'
import type { OpenModel } from '../model/openModel.ts'
import { recordedOf } from '../selectors/shown.ts'
import { type Exporter, stem } from './exporter.ts'

export const snapshotExporter: Exporter = {
  id: 'snapshot',
  label: 'Snapshot',
  ending: snapshotEnding,
  isWhole: true,
  applies: (state) => state.results.size > 0 || snapshotOf(state) !== null,
  async make(state, { gallery }) {
    const { model, images, results } = state
    const opened = snapshotOf(state)
    if (opened && results.size === 0) return [{ name: opened.name, blob: opened }]
    if (!model || !images || results.size === 0) return []
    const { snapshotBlob } = await import('./snapshotBlob.ts')
    return [
      {
        name: snapshotName(model),
        blob: await snapshotBlob(state, model, images, gallery.remote),
      },
    ]
  },
}

export function snapshotName({ name }: OpenModel): string {
  return `${stem(name)}${snapshotEnding}`
}

/** The opened snapshot, if it is shown; several that were merged are one file. */
function snapshotOf(state: AppState): File | null {
  const recorded = recordedOf(state)
  return recorded?.content.kind === 'snapshot' ? recorded.file : null
}
