/** @file The tables of channels and of patches as Apache Parquet. */
import { recordedOf } from '../selectors/shown.ts'
import type { AppState } from '../appState.ts'
import type { Exporter } from './exporter.ts'

const hasResults = (state: AppState): boolean => state.results.size > 0 || recordedOf(state) !== null

export const tableParquet: Exporter = {
  id: 'table-parquet',
  label: 'Table (Parquet)',
  ending: '.parquet',
  isWhole: true,
  applies: hasResults,
  async make(state, services) {
    const { tableOfChannels } = await import('./parquetFiles.ts')
    return [await tableOfChannels(state, services)]
  },
}

export const patchesParquet: Exporter = {
  id: 'patches-parquet',
  label: 'Patches (Parquet)',
  ending: '.patches.parquet',
  isWhole: true,
  applies: hasResults,
  async make(state, services) {
    const { tableOfPatches } = await import('./parquetFiles.ts')
    return [await tableOfPatches(state, services)]
  },
}
