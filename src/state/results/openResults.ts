/** @file An opened results file, and how it goes with the model and the images that are open. */
import type { ReceptiveField, Box } from '../../core/model/receptiveField.ts'
import { sentence } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { Network, Pair } from '../../core/model/network.ts'
import { lost, type Numbering, RecordedResult } from '../../core/results/recordedResult.ts'
import type { RecordedLayer, RecordedResults } from '../../core/results/recordedFile.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { ReadSnapshot } from '../../core/results/snapshot/snapshotResult.ts'
import type { StoredLayerFacts } from '../../core/results/snapshot/snapshotHead.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'

/** Seats are known by their size. */
export type ShownField = Pick<ReceptiveField, 'size' | 'whole'> & {
  readonly seat?: Pick<NonNullable<ReceptiveField['seat']>, 'size'>
}

/** How the open images match those of the file. */
export interface FittedImages {
  readonly images: ImageSet
  /** The paths of images of the file's patches that are not among them, out of how many. */
  readonly missing: readonly string[]
  readonly of: number
  /** Whether they are the same files, as far as paths and sizes tell; null until that is known. */
  readonly same: boolean | null
}

/** How the open model matches that of the file. */
export interface FittedModel {
  readonly model: OpenModel
  /** A sentence that says how they differ; null if they are the same. */
  readonly difference: string | null
}

/** What is read of a file, whichever kind it is. */
export interface ReadFile extends Omit<RecordedResults, 'layers'> {
  readonly layers: readonly Omit<RecordedLayer, 'range' | 'columns'>[]
  /** By layer name, in these numbers. A version stands for one numbering. */
  shownBy(numbering: Numbering, version: number): ReadonlyMap<string, ReadableResult>
  readonly content: FileContent
}

/** What exports need of a file. */
export type FileContent =
  | { readonly kind: 'results'; readonly layers: readonly RecordedLayer[] }
  | { readonly kind: 'snapshot'; readonly snapshot: OpenSnapshot }

export function fileOfResults(read: RecordedResults): ReadFile {
  const { layers } = read
  return {
    ...read,
    shownBy: (numbering, version) =>
      new Map(layers.map((layer) => [layer.name, new RecordedResult(layer, numbering, version)])),
    content: { kind: 'results', layers },
  }
}

export interface OpenSnapshot extends Pick<ReadSnapshot, 'facts' | 'images' | 'scans'> {
  readonly layers: readonly { readonly facts: StoredLayerFacts; readonly result: LayerResult }[]
}

export interface OpenResults extends ReadFile {
  readonly file: File
  /** What the numbers of images and classes in `results` mean. */
  readonly table: ImageTable
  /** By layer name. */
  readonly results: ReadonlyMap<string, ReadableResult>
  /** By layer name: what a unit sees, if the layer has a patch. */
  readonly fields: ReadonlyMap<string, ShownField>
  /** Is null while no images are open. */
  readonly fittedImages: FittedImages | null
  /** Is null while no model is open, or as long as it is not compared yet. */
  readonly fittedModel: FittedModel | null
  /** Why a scan cannot go on from this snapshot though model and images are open, as a sentence; null if that is not known. */
  readonly stays: string | null
}

type NamedImages = Pick<ReadFile, 'paths' | 'classNames' | 'classOf'>

/** The table that is made of the file's paths and classes, as long as no images are open. */
export function ownTable({ paths, classNames, classOf }: NamedImages): ImageTable {
  return {
    paths,
    classNames,
    classOf,
    splits: [],
    splitOf: new Int16Array(paths.length).fill(-1),
    order: Uint32Array.from(paths.keys()),
    classesFrom: 'none',
    index: null,
  }
}

/** All units of a layer have a field of the same size, so the first patch tells it. */
export function fieldsOf(
  { model }: ReadFile,
  results: ReadonlyMap<string, ReadableResult>,
): Map<string, ShownField> {
  const fields = new Map<string, ShownField>()
  for (const [name, result] of results) {
    for (let channel = 0; channel < result.channels && !fields.has(name); channel++) {
      const place = result.top(channel, 1)[0]?.place
      if (place) fields.set(name, fieldOf(place, model.inputShape))
    }
  }
  return fields
}

function fieldOf(
  { box, seat }: { readonly box: Box; readonly seat?: Box },
  [height, width]: Network['inputShape'],
): ShownField {
  const [top, left, bottom, right] = box
  const whole = top <= 0 && left <= 0 && bottom >= height && right >= width
  return { size: sizeOf(box), whole, ...(seat ? { seat: { size: sizeOf(seat) } } : {}) }
}

function sizeOf([top, left, bottom, right]: Box): Pair {
  return [bottom - top, right - left]
}

export function numberingOf(
  { paths, classNames }: Pick<ReadFile, 'paths' | 'classNames'>,
  table: Pick<ImageTable, 'paths' | 'classNames'>,
): Numbering {
  return { images: indicesIn(table.paths, paths), classes: indicesIn(table.classNames, classNames) }
}

/** The index of each wanted name in the list; both are sorted by code unit. */
function indicesIn(names: readonly string[], wanted: readonly string[]): Int32Array {
  const indices = new Int32Array(wanted.length)
  let at = 0
  for (const [number, name] of wanted.entries()) {
    while (at < names.length && names[at]! < name) at++
    indices[number] = names[at] === name ? at : lost(number)
  }
  return indices
}

/** The difference as a sentence; null if there is none. */
export function differenceOf({ model, name }: OpenResults, open: OpenModel, digest: string): string | null {
  const [here, there] = [open.network.inputShape, model.inputShape].map((shape) => shape.join('×'))
  if (model.sha256 !== digest)
    return sentence('results/other-model', { file: name, model: open.name, was: model.name })
  if (here !== there)
    return sentence('results/other-input', { file: name, model: open.name, here: here!, there: there! })
  return null
}
