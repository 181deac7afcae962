/** @file All that a results file has, as arrays for NumPy. */
import { recordedOf } from '../selectors/shown.ts'
import type { Exporter } from './exporter.ts'

export const arraysExporter: Exporter = {
  id: 'arrays',
  label: 'Arrays (NPZ)',
  ending: '.npz',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state, services, { zip }) {
    const { arraysFile } = await import('./arraysFile.ts')
    return [await arraysFile(state, services, zip)]
  },
}
