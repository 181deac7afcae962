/** @file A table of channels as a file to save. */
import type { ChannelTable } from '../../core/mosaic/channelTable.ts'
import { tableText } from '../../core/mosaic/tableText.ts'
import type { AppState } from '../appState.ts'
import { measured, measuredTable, scannedLayers } from '../selectors/measured.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { aloneOf, nameOf, tableOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { type SavedFile, stem } from './exporter.ts'

/** The number of channels that are measured between two breaths. */
const channelsAtOnce = 16

/** All channels of all scanned layers, measured to their end. */
export async function wholeTable(state: AppState): Promise<ChannelTable> {
  const names = scannedLayers(state)
  const breathe = breather()
  for (const name of names) while (measured.doSome(state, name, channelsAtOnce) > 0) await breathe()
  return measuredTable(state, names)
}

export function tableFile(state: AppState, table: ChannelTable, rows: Iterable<number>): SavedFile {
  const { className, channelName } = tableNames(state)
  const text = tableText(table, rows, className, channelName)
  return { name: tableName(state, '.csv'), blob: new Blob([text], { type: 'text/csv' }) }
}

/** What a table calls classes and channels. */
export function tableNames(state: AppState): {
  readonly className: (classNumber: number) => string
  readonly channelName: (layer: string, channel: number) => string
} {
  const names = tableOf(state)?.classNames
  return {
    className: (number) => nameOf(names, state.recorded?.classNames, number),
    channelName: (layer, channel) => nameOfChannel(state, layer, channel),
  }
}

/** The name of a file of this ending. */
export function tableName(state: AppState, ending: string): string {
  return `${stem(aloneOf(state)?.model.name ?? state.model?.name ?? 'channels')}${ending}`
}
