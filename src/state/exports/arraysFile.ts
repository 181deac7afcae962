/** @file The zip of arrays, made layer by layer so that the page goes on meanwhile. */
import { LayerArrays } from '../../core/results/arrays/layerArrays.ts'
import { type NamedArray, npyPieces } from '../../core/results/arrays/npy.ts'
import { SnapshotResult } from '../../core/results/snapshot/snapshotResult.ts'
import { LayerResult } from '../../core/scan/layerResult.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState, Services } from '../appState.ts'
import { digestModel } from '../checkpoints/digests.ts'
import { patchesAt } from '../mosaic/patches.ts'
import { keptLosses } from '../reasons/keptLosses.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { aloneOf, modelOf, preprocessingOf, resultOf, shapeOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { type ExportOptions, type SavedFile, stem, type ZippedFile } from './exporter.ts'
import { type ShownNumbers, shownNumbers } from './shownNumbers.ts'

type Breathe = () => Promise<void> | void

/** Equal results are equal bytes: as in the files that NumPy writes, no time is told. Zips know none before it. */
const noTime = new Date(1980, 0, 1)

export async function arraysFile(
  state: AppState,
  services: Services,
  zip: ExportOptions['zip'],
): Promise<SavedFile> {
  const breathe = breather()
  const numbers = shownNumbers(state)
  const layers = scannedLayers(state)
  const about = { ...(await aboutOf(state, services)), k: numbers.k }
  const files: ZippedFile[] = []
  const write = async (array: NamedArray): Promise<void> => {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for (const piece of npyPieces(array)) {
      pieces.push(piece)
      await breathe()
    }
    files.push({ name: `${array.name}.npy`, input: new Blob(pieces), lastModified: noTime })
  }
  await write({ name: 'about', shape: [], data: { texts: [JSON.stringify(about)] } })
  await write(textArray('layers', layers))
  await write(textArray('paths', numbers.images.names))
  await write(textArray('class_names', numbers.classes.names))
  await write({ name: 'class_of', shape: [numbers.classOf.length], data: numbers.classOf })
  for (const layer of layers)
    for (const array of await layerArrays(state, layer, numbers, breathe))
      await write({ ...array, name: `${layer}/${array.name}` })
  const name = `${stem(about.model.name)}.npz`
  return { name, blob: new Blob([await zip(files)], { type: 'application/zip' }) }
}

/** If a scan makes the layer grow meanwhile, it is gone through again, all at once. */
async function layerArrays(
  state: AppState,
  layer: string,
  numbers: ShownNumbers,
  breathe: Breathe,
): Promise<readonly NamedArray[]> {
  const result = resultOf(state, layer)!
  const { scanned } = result
  const whole = await gathered(state, layer, result, numbers, breathe)
  return result.scanned === scanned ? whole : gathered(state, layer, result, numbers, null)
}

/** Without `breathe` nothing can change meanwhile. */
async function gathered(
  state: AppState,
  layer: string,
  result: ReadableResult,
  { images, classes, classOf, k }: ShownNumbers,
  breathe: Breathe | null,
): Promise<readonly NamedArray[]> {
  const { channels } = result
  const model = modelOf(state)
  const arrays = new LayerArrays({
    result,
    k,
    classes: classes.names.length,
    classOf,
    classNumber: classes.indexOf,
    patchesAt: (entries) =>
      patchesAt(model, layer, entries).map((patch) => ({ ...patch, image: images.indexOf(patch.image) })),
  })
  for (let channel = 0; channel < channels; channel++) {
    arrays.add(channel)
    if (breathe) await breathe()
  }
  const nanImages = nanImagesOf(result)
  const loss = keptLosses(result)?.loss
  const names = Array.from({ length: channels }, (_, channel) => nameOfChannel(state, layer, channel))
  return [
    { name: 'scanned', shape: [], data: BigInt64Array.of(BigInt(result.scanned)) },
    wholeArray('shape', shapeOf(state, layer) ?? []),
    ...(names.some(Boolean) ? [textArray('name', names)] : []),
    ...arrays.arrays(),
    ...(nanImages ? [wholeArray('nan_images', nanImages)] : []),
    ...(loss ? [{ name: 'loss', shape: [channels], data: Float64Array.from(loss) }] : []),
  ]
}

/** A results file that was opened does not tell them. */
function nanImagesOf(result: ReadableResult): Uint32Array | null {
  if (result instanceof SnapshotResult) return result.result.range.nanImages
  return result instanceof LayerResult ? result.range.nanImages : null
}

function textArray(name: string, texts: readonly string[]): NamedArray {
  return { name, shape: [texts.length], data: { texts } }
}

function wholeArray(name: string, numbers: Iterable<number>): NamedArray {
  const data = BigInt64Array.from(Array.from(numbers, BigInt))
  return { name, shape: [data.length], data }
}

/** What the arrays are of. */
async function aboutOf(state: AppState, { gallery }: Services) {
  const alone = aloneOf(state)
  const model = alone?.model ?? {
    name: state.model!.name,
    sha256: await digestModel(state.model!, gallery.remote),
    inputShape: state.model!.network.inputShape,
  }
  return {
    format: 'urpatch-arrays',
    version: 1,
    model,
    images: alone?.images.name ?? state.images!.name,
    preprocessing: preprocessingOf(state),
    k: alone?.k ?? state.k,
  }
}
