/** @file All channels of all scanned layers with their measures, as a table to save. */
import { breather } from '../timing/breather.ts'
import { recordedOf } from '../selectors/shown.ts'
import type { Exporter } from './exporter.ts'

/** The number of channels that are measured between two breaths. */
const channelsAtOnce = 16

export const tableExporter: Exporter = {
  id: 'table',
  label: 'Table (CSV)',
  ending: '.csv',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state) {
    // What measures channels is no part of the first page's script.
    const [{ measured, measuredTable, scannedLayers }, { tableFile }] = await Promise.all([
      import('../selectors/measured.ts'),
      import('./tableFile.ts'),
    ])
    const names = scannedLayers(state)
    const breathe = breather()
    for (const name of names) while (measured.doSome(state, name, channelsAtOnce) > 0) await breathe()
    const table = measuredTable(state, names)
    return [tableFile(state, table, Array(table.rows).keys())]
  },
}
