/** @file The list of what can be saved, for the Export menu, for `window.urpatch` and for the command line's `--out`. */
import type { Exporter } from './exporter.ts'
import { channelPicture, layerPictures } from './exportPictures.ts'
import { notesExporter } from './exportNotes.ts'
import { resultsExporter } from './exportResults.ts'
import { snapshotExporter } from './exportSnapshot.ts'
import { tableExporter } from './exportTable.ts'

/** In the order of the menu. */
export const exporters: readonly Exporter[] = [
  resultsExporter,
  snapshotExporter,
  tableExporter,
  channelPicture,
  layerPictures,
  notesExporter,
]

/** Which file a name stands for, by its ending: the results file if no other has it. */
export function exporterFor(name: string): Exporter {
  const byEnding = exporters.find(({ isWhole, ending }) => isWhole && name.toLowerCase().endsWith(ending))
  return byEnding ?? resultsExporter
}
