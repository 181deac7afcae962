/** @file A table of channels as a file to save. */
import type { ChannelTable } from '../../core/mosaic/channelTable.ts'
import { tableText } from '../../core/mosaic/tableText.ts'
import type { AppState } from '../appState.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { aloneOf, nameOf, tableOf } from '../selectors/shown.ts'
import { type SavedFile, stem } from './exporter.ts'

export function tableFile(state: AppState, table: ChannelTable, rows: Iterable<number>): SavedFile {
  const names = tableOf(state)?.classNames
  const text = tableText(
    table,
    rows,
    (number) => nameOf(names, state.recorded?.classNames, number),
    (layer, channel) => nameOfChannel(state, layer, channel),
  )
  const model = aloneOf(state)?.model.name ?? state.model?.name ?? 'channels'
  return { name: `${stem(model)}.csv`, blob: new Blob([text], { type: 'text/csv' }) }
}
