/** @file The results file to save. */
import { appError, messageOf, sentence } from '../../core/errors.ts'
import { type LayerText, resultsText } from '../../core/results/resultsFile.ts'
import type { AppState, Services } from '../appState.ts'
import { breather } from '../timing/breather.ts'
import { digestModel, fingerprint } from '../checkpoints/digests.ts'
import { type Exporter, type SavedFile, stem } from './exporter.ts'
import { besideScan, mergedHead, recordsOf, textOf, withHead } from './mergedResults.ts'
import { lossesOf } from '../reasons/keptLosses.ts'
import { recordedOf } from '../selectors/shown.ts'
import { settledRecord } from './exportNotes.ts'

export const resultsExporter: Exporter = {
  id: 'results',
  label: 'Results (JSON)',
  ending: '.urpatch.json',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state, services) {
    const file = await exportResults(state, services)
    return file ? [file] : []
  },
}

/** The results file of all layers scanned so far; null if there are none. */
export async function exportResults(state: AppState, { gallery }: Services): Promise<SavedFile | null> {
  const { model, images, results } = state
  const recorded = recordedOf(state)
  const notes = await settledRecord(state)
  const { notesDiffer } = await import('../../core/notes/readNotes.ts')
  const areOther = recorded !== null && notesDiffer(recorded.head['notes'], notes)
  if (recorded && results.size === 0) {
    const recordedText = await textOf(recorded)
    const file =
      recorded.content.kind === 'results'
        ? await unchanged(recorded.file)
        : { name: `${stem(recorded.file.name)}${resultsExporter.ending}`, blob: recordedText.file }
    return areOther ? { ...file, blob: withHead(recorded, recordedText, notes) } : file
  }
  if (!model || !images || results.size === 0) return null
  const modelSha256 = await digestModel(model, gallery.remote)
  const text = resultsText({
    network: model.network,
    modelName: model.name,
    modelSha256,
    imagesName: images.name,
    table: images.table,
    fingerprint: await fingerprint(images, gallery.remote),
    skipped: state.skipped,
    preprocessing: state.preprocessing,
    k: state.k,
    notes,
    selection: state.selection,
    results,
    losses: lossesOf(results),
    samples: new Map([...state.coverage].map(([name, { sample }]) => [name, sample])),
  })
  const blobs: Blob[] = []
  const breathe = breather()
  const written = text.layers[Symbol.iterator]()
  const beside = besideScan(state)
  const records = beside ? recordsOf(beside, await textOf(beside.recorded)) : new Map<string, Blob>()
  let isFirst = true
  // The text of a layer begins with a comma if a scanned layer comes before it; a record never does.
  for (const { name } of model.network.layers) {
    const record = records.get(name)
    if (record) blobs.push(...(isFirst ? [] : [comma]), record)
    else if (results.has(name)) {
      const [start, ...rest] = await writtenLayer(written.next().value as LayerText, breathe)
      const separated = (await start!.slice(0, 1).text()) === ','
      blobs.push(...(isFirst ? [] : [comma]), separated ? start!.slice(1) : start!, ...rest)
    } else continue
    isFirst = false
  }
  blobs.push(new Blob([']}']))
  if (beside && beside.leftOut.length > 0)
    state.notify(
      'warning',
      sentence('results/left-out', { file: beside.recorded.name, layers: beside.leftOut.join(', ') }),
    )
  return {
    name: `${stem(model.name)}${resultsExporter.ending}`,
    blob: new Blob([beside ? mergedHead(text.head(), beside, areOther) : text.head(), ...blobs], {
      type: 'application/json',
    }),
  }
}

const comma = new Blob([','])

/** The browser is given this many characters at a time: it keeps them outside of the page, and many of them on disk. */
const blobLength = 2 ** 22

/** If a scan makes the layer grow meanwhile, it is written again, all at once. */
async function writtenLayer(layer: LayerText, breathe: () => Promise<void> | void): Promise<Blob[]> {
  const scanned = layer.scanned()
  const blobs: Blob[] = []
  for (const blob of blobsOf(layer.pieces())) {
    blobs.push(blob)
    await breathe()
  }
  return layer.scanned() === scanned ? blobs : [...blobsOf(layer.pieces())]
}

function* blobsOf(pieces: Iterable<string>): Generator<Blob> {
  let held: string[] = []
  let length = 0
  for (const piece of pieces) {
    held.push(piece)
    length += piece.length
    if (length < blobLength) continue
    yield new Blob(held)
    held = []
    length = 0
  }
  yield new Blob(held)
}

/** An opened file as it is, with keys that this version does not know. Throws `results/unreadable` if it has gone. */
async function unchanged(file: File): Promise<SavedFile> {
  await file
    .slice(0, 1)
    .arrayBuffer()
    .catch((error: unknown) => {
      throw appError('results/unreadable', { file: file.name, reason: messageOf(error) })
    })
  return { name: file.name, blob: file }
}
