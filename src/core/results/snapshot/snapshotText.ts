/** @file The results file, `*.urpatch.json`, of what a snapshot holds: without the model, as the snapshot knows where units look. */
import { headText, layerPieces } from '../resultsFile.ts'
import { PlacesOfFile } from './places.ts'
import type { SnapshotFile } from './snapshotFile.ts'
import type { StoredImages } from './snapshotHead.ts'

/** The names by number. The lists are sparse: they take memory only for images that are in the file. */
export function tableOfFile({ images, facts }: Pick<SnapshotFile, 'images' | 'facts'>) {
  const { numbers, paths, classes }: StoredImages = images
  const table = { paths: [] as string[], classOf: [] as number[] }
  for (const [i, number] of numbers.entries()) {
    table.paths[number] = paths[i]!
    table.classOf[number] = classes[i]!
  }
  return { ...table, classNames: facts.images.classNames, index: asReport(facts.images.index) }
}

/** Only what the results file says of the index is known. */
function asReport(index: SnapshotFile['facts']['images']['index']) {
  return index && { ...index, missing: [], unnamed: [], contradicting: [] }
}

/** The text in pieces. Throws `snapshot/invalid`, and `results/unreadable`. */
export async function* resultsOfSnapshot(file: SnapshotFile): AsyncGenerator<string> {
  const { facts, images, layers } = file
  const table = tableOfFile(file)
  const parts = {
    modelName: facts.model.name,
    modelSha256: facts.model.sha256,
    inputShape: facts.model.inputShape,
    imagesName: facts.images.name,
    count: facts.images.count,
    table,
    fingerprint: facts.images.fingerprint,
    skipped: images.skipped,
    preprocessing: facts.preprocessing,
    k: facts.k,
    notes: facts.notes,
    selection: facts.selection,
  }
  yield headText(parts, Math.max(0, ...layers.map(({ scanned }) => scanned)))
  for (const [at, { scan }] of layers.entries()) {
    const { facts: layer, snapshot } = await file.layer(at)
    const result = file.emptyResult(at, snapshot)
    result.restore(snapshot)
    const { sample } = file.scans[scan]!
    const written = { ...layer, places: new PlacesOfFile(layer.places), result, sample }
    yield* layerPieces(at > 0 ? ',' : '', written, parts)
  }
  yield ']}'
}
