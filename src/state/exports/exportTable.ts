/** @file All channels of all scanned layers with their measures, as a table to save. */
import { recordedOf } from '../selectors/shown.ts'
import type { Exporter } from './exporter.ts'

export const tableExporter: Exporter = {
  id: 'table',
  label: 'Table (CSV)',
  ending: '.csv',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state) {
    // What measures channels is no part of the first page's script.
    const { tableFile, wholeTable } = await import('./tableFile.ts')
    const table = await wholeTable(state)
    return [tableFile(state, table, Array(table.rows).keys())]
  },
}
