/** @file The results file, `*.urpatch.json`, of what a snapshot holds: without the model, as the snapshot knows where units look. */
import type { LayerResult } from '../../scan/layerResult.ts'
import { type HeadParts, headText, layerPieces } from '../resultsFile.ts'
import { PlacesOfFile } from './places.ts'
import type { SnapshotFile } from './snapshotFile.ts'
import { classesOf, resultOfLayer } from './snapshotResult.ts'
import type { StoredImages, StoredLayerFacts } from './snapshotHead.ts'

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

type Known = Pick<SnapshotFile, 'images' | 'facts' | 'layers'>

/** The number of images that have been through any of its layers. */
export function scannedIn({ layers }: Pick<Known, 'layers'>): number {
  return Math.max(0, ...layers.map(({ scanned }) => scanned))
}

/** The text of the results file up to its first layer. */
export function headOfSnapshot(file: Known): string {
  return headText(headParts(file), scannedIn(file))
}

function headParts(file: Known): HeadParts {
  const { facts, images } = file
  return {
    modelName: facts.model.name,
    modelSha256: facts.model.sha256,
    inputShape: facts.model.inputShape,
    imagesName: facts.images.name,
    count: facts.images.count,
    table: tableOfFile(file),
    fingerprint: facts.images.fingerprint,
    skipped: images.skipped,
    preprocessing: facts.preprocessing,
    k: facts.k,
    notes: facts.notes,
    selection: facts.selection,
  }
}

/** Returns what writes the record of a layer, in pieces. */
export function layerWriter(
  file: Known & Pick<SnapshotFile, 'scans'>,
): (facts: StoredLayerFacts, result: LayerResult) => Iterable<string> {
  const parts = headParts(file)
  return (facts, result) => {
    const { sample } = file.scans[facts.scan]!
    return layerPieces('', { ...facts, places: new PlacesOfFile(facts.places), result, sample }, parts)
  }
}

/** The whole text in pieces. Throws `snapshot/invalid`, and `results/unreadable`. */
export async function* resultsOfSnapshot(file: SnapshotFile): AsyncGenerator<string> {
  yield headOfSnapshot(file)
  const textOf = layerWriter(file)
  for (const at of file.layers.keys()) {
    const { facts, snapshot } = await file.layer(at)
    if (at > 0) yield ','
    yield* textOf(facts, resultOfLayer(facts, snapshot, classesOf(file.facts)))
  }
  yield ']}'
}
