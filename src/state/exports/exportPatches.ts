/** @file The strongest patches of all channels, a row each, as a table to save. */
import { recordedOf } from '../selectors/shown.ts'
import type { Exporter } from './exporter.ts'

export const patchesExporter: Exporter = {
  id: 'patches',
  label: 'Patches (CSV)',
  ending: '.patches.csv',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state) {
    const { patchesFile } = await import('./patchesFile.ts')
    return [await patchesFile(state)]
  },
}
