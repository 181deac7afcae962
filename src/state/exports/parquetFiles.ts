/** @file Tables as Parquet: columns are made here in turns, and written by the worker of the gallery. */
import { channelTableColumns } from '../../core/results/tables/channelTableColumns.ts'
import { buffersOfTable, type Column } from '../../core/results/tables/column.ts'
import { PatchTable } from '../../core/results/tables/patchTable.ts'
import { transfer } from '../../rpc/transfer.ts'
import type { AppState, Services } from '../appState.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { resultOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { channelPatches } from './channelPatches.ts'
import type { SavedFile } from './exporter.ts'
import { tableName, tableNames, wholeTable } from './tableFile.ts'

export async function tableOfChannels(state: AppState, services: Services): Promise<SavedFile> {
  const table = await wholeTable(state)
  const { className, channelName } = tableNames(state)
  const columns = channelTableColumns(table, className, channelName)
  return { name: tableName(state, '.parquet'), blob: await written(columns, services) }
}

export async function tableOfPatches(state: AppState, services: Services): Promise<SavedFile> {
  const patchesOfLayer = channelPatches(state)
  const breathe = breather()
  const table = new PatchTable()
  for (const layer of scannedLayers(state)) {
    const result = resultOf(state, layer)!
    const { scanned } = result
    const { rows } = table
    for (const { patches, names } of patchesOfLayer(layer, result)) {
      table.add(patches, names)
      await breathe()
    }
    if (result.scanned === scanned) continue
    // A scan has made the layer grow meanwhile: it is gone through again, all at once.
    table.cut(rows)
    for (const { patches, names } of patchesOfLayer(layer, result)) table.add(patches, names)
  }
  return { name: tableName(state, '.patches.parquet'), blob: await written(table.columns(), services) }
}

function written(columns: readonly Column[], { gallery }: Services): Promise<Blob> {
  return gallery.remote.writeParquet(transfer(columns, buffersOfTable(columns)))
}
