/** @file The tables of channels and of patches as Apache Parquet. */
import { recordedOf } from '../selectors/shown.ts'
import type { AppState, Services } from '../appState.ts'
import type { Exporter, SavedFile } from './exporter.ts'

export const tableParquet = parquetExporter(
  'table',
  'Table (Parquet)',
  '.parquet',
  async () => (await import('./parquetFiles.ts')).tableOfChannels,
)
export const patchesParquet = parquetExporter(
  'patches',
  'Patches (Parquet)',
  '.patches.parquet',
  async () => (await import('./parquetFiles.ts')).tableOfPatches,
)

function parquetExporter(
  table: string,
  label: string,
  ending: string,
  load: () => Promise<(state: AppState, services: Services) => Promise<SavedFile>>,
): Exporter {
  return {
    id: `${table}-parquet`,
    label,
    ending,
    isWhole: true,
    applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
    make: async (state, services) => [await (await load())(state, services)],
  }
}
