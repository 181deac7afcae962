/** @file The table of patches, written in pieces so that the page goes on meanwhile. */
import { patchHead, patchRows } from '../../core/results/patchRows.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { patchesOf } from '../mosaic/patches.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { aloneOf, modelOf, resultOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { type SavedFile, stem } from './exporter.ts'
import { shownNumbers } from './shownNumbers.ts'

/** The browser is given this many characters at a time: it keeps them outside of the page. */
const blobLength = 2 ** 20

export async function patchesFile(state: AppState): Promise<SavedFile> {
  const rowsOf = rowWriter(state)
  const breathe = breather()
  const blobs = [new Blob([patchHead])]
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
  const name = `${stem(aloneOf(state)?.model.name ?? state.model?.name ?? 'channels')}.patches.csv`
  return { name, blob: new Blob(blobs, { type: 'text/csv' }) }
}

/** Makes the rows of a layer, channel by channel. */
function rowWriter(state: AppState): (layer: string, result: ReadableResult) => Generator<string> {
  const { images, classes, classOf, k } = shownNumbers(state)
  const path = (image: number): string => images.names[images.indexOf(image)] ?? ''
  const className = (image: number): string => classes.names[classOf[images.indexOf(image)]!] ?? ''
  const model = modelOf(state)
  return function* (layer, result) {
    for (let channel = 0; channel < result.channels; channel++) {
      const name = nameOfChannel(state, layer, channel)
      yield patchRows(patchesOf(model, layer, result, channel, k), { layer, channel, name, path, className })
    }
  }
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
