/** @file The list of what can be saved, for the Export menu, for `window.urpatch` and for the command line's `--out`. */
import type { Exporter } from './exporter.ts'
import { arraysExporter } from './exportArrays.ts'
import { pageExporter } from './exportPage.ts'
import { patchesParquet, tableParquet } from './exportParquet.ts'
import { patchesExporter } from './exportPatches.ts'
import { channelPicture, figureExporters, layerPictures } from './exportFigures.ts'
import { notesExporter } from './exportNotes.ts'
import { resultsExporter } from './exportResults.ts'
import { snapshotExporter } from './exportSnapshot.ts'
import { tableExporter } from './exportTable.ts'

/** In the order of the menu. */
export const exporters: readonly Exporter[] = [
  resultsExporter,
  snapshotExporter,
  pageExporter,
  arraysExporter,
  tableExporter,
  patchesExporter,
  tableParquet,
  patchesParquet,
  channelPicture,
  layerPictures,
  figureExporters.svg,
  figureExporters.pdf,
  notesExporter,
]

/** Which file a name stands for, by its ending, of several by the longest: the results file if no other has it. */
export function exporterFor(name: string): Exporter {
  const fitting = exporters.filter(({ isWhole, ending }) => isWhole && name.toLowerCase().endsWith(ending))
  return fitting.toSorted((a, b) => b.ending.length - a.ending.length)[0] ?? resultsExporter
}
