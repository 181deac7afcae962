/** @file The table of patches, written in pieces so that the page goes on meanwhile. */
import { patchHead, patchRows } from '../../core/results/patchRows.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { resultOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { channelPatches } from './channelPatches.ts'
import type { SavedFile } from './exporter.ts'
import { tableName } from './tableFile.ts'

/** The browser is given this many characters at a time: it keeps them outside of the page. */
const blobLength = 2 ** 20

export async function patchesFile(state: AppState): Promise<SavedFile> {
  const patchesOfLayer = channelPatches(state)
  const breathe = breather()
  const blobs = [new Blob([patchHead])]
  const rowsOf = function* (layer: string, result: ReadableResult): Generator<string> {
    for (const { patches, names } of patchesOfLayer(layer, result)) yield patchRows(patches, names)
  }
  for (const layer of scannedLayers(state)) {
    const result = resultOf(state, layer)!
    const { scanned } = result
    const written: Blob[] = []
    for (const blob of blobsOf(rowsOf(layer, result))) {
      if (blob) written.push(blob)
      await breathe()
    }
    // If a scan has made the layer grow meanwhile, it is written again, all at once.
    const whole = result.scanned === scanned ? written : [...blobsOf(rowsOf(layer, result))]
    blobs.push(...whole.filter((blob) => blob !== null))
  }
  return { name: tableName(state, '.patches.csv'), blob: new Blob(blobs, { type: 'text/csv' }) }
}

/** Null as long as there is not enough for a blob. */
function* blobsOf(rows: Iterable<string>): Generator<Blob | null> {
  let text = ''
  for (const row of rows) {
    text += row
    if (text.length < blobLength) yield null
    else {
      yield new Blob([text])
      text = ''
    }
  }
  yield new Blob([text])
}
