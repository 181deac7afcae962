/** @file The results file, `*.urpatch.json`: a contract, as other programs read it (DESIGN.md). */
import { type ChannelRecord, channelRecorder } from './channelRecord.ts'
import type { ImageTable, IndexSettings } from '../images/imageTable.ts'
import type { NotesFile } from '../notes/notesFile.ts'
import type { Preprocessing } from '../preprocessing/preprocessing.ts'
import type { Sample, Selection } from '../images/selection.ts'
import type { Network, Shape } from '../model/network.ts'
import type { LayerLosses } from '../reasons/lossRanking.ts'
import { type LossRecord, lossRecord } from '../reasons/lossRecord.ts'
import { receptiveField, type UnitPlaces, UnitBoxes } from '../model/receptiveField.ts'
import { whyNoClasses } from '../scan/classMeans.ts'
import type { LayerResult } from '../scan/layerResult.ts'
import { classMeans } from '../scan/statistics/classMeans.ts'
import type { RecordTable } from '../scan/statistics/statistic.ts'

export interface ResultsFile {
  readonly format: 'urpatch-results'
  readonly version: 1
  readonly model: { readonly name: string; readonly sha256: string; readonly inputShape: readonly number[] }
  readonly images: {
    readonly name: string
    readonly count: number
    readonly scanned: number
    readonly fingerprint: string
    /** How the index was read; only there if there is one. */
    readonly index?: IndexSettings
    /** The classes and splits that were to be scanned; only there if they were not all. */
    readonly selection?: { readonly classes?: readonly string[]; readonly splits?: readonly string[] }
    readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  }
  readonly preprocessing: Preprocessing
  readonly k: number
  /** Names and notes of channels; only there if there are some. */
  readonly notes?: NotesFile
  readonly layers: readonly LayerRecord[]
}

export interface LayerRecord {
  readonly name: string
  readonly shape: readonly number[]
  /** Only there if it is true: units also depend on statistics of the whole image (squeeze-and-excitation). */
  readonly globalContext?: true
  /** The number of images seen by this layer: fewer than `images.scanned` if its scan was stopped. */
  readonly scanned: number
  /** The sample of the images that was scanned; only there if it was not all of them. */
  readonly sample?: Exclude<Sample, 'all'>
  /** Why the channels have no `classes`; only there if images have classes and they have none. */
  readonly classesLeftOut?: string
  /** What the network loses without each channel; only there if it was asked for. */
  readonly ablation?: LossRecord
  readonly channels: readonly ChannelRecord[]
}

/** What the head of the file is made of. */
export interface HeadParts {
  readonly modelName: string
  readonly modelSha256: string
  readonly inputShape: Network['inputShape']
  readonly imagesName: string
  /** The number of images in the set, scanned or not. */
  readonly count: number
  readonly table: RecordTable & Pick<ImageTable, 'index'>
  readonly fingerprint: string
  readonly skipped: ReadonlyMap<number, string>
  readonly preprocessing: Preprocessing
  /** How many of each channel's patches are written. */
  readonly k: number
  readonly notes?: NotesFile | null
  readonly selection: Pick<Selection, 'classes' | 'splits'>
}

export interface ResultsParts extends Omit<HeadParts, 'inputShape' | 'count'> {
  readonly network: Network
  readonly table: ImageTable
  readonly selection: Selection
  /** By layer name. */
  readonly results: ReadonlyMap<string, LayerResult>
  readonly samples: ReadonlyMap<string, Sample>
  /** By layer name, of layers whose channels were ranked by it. */
  readonly losses?: ReadonlyMap<string, LayerLosses>
}

/** What the record of a layer is made of. */
export interface LayerParts {
  readonly name: string
  readonly shape: Shape
  readonly globalContext: boolean
  readonly places: UnitPlaces
  readonly result: LayerResult
  readonly sample: Sample
  /** What the network loses without each channel, if it is known. */
  readonly losses?: LayerLosses | undefined
}

/** One layer. If `scanned` changes while it is written, its pieces do not fit each other. */
export interface LayerText {
  pieces(): Iterable<string>
  scanned(): number
}

/** The number of characters, about. Objects that are made for a piece may take ten times as much. */
const pieceLength = 2 ** 18

/**
 * The file in pieces, of which none is long: the results of a wide network make gigabytes of text, more than a string can
 * be or a page can hold. What is known of all layers together comes first in the file and is made last, so that it fits
 * layers that grow between two of them.
 */
export function resultsText(parts: ResultsParts): {
  readonly layers: Iterable<LayerText>
  readonly head: () => string
} {
  let scanned = 0
  const { network, samples } = parts
  const layerParts = (name: string, shape: Shape, index: number, result: LayerResult): LayerParts => ({
    name,
    shape,
    globalContext: receptiveField(network, index).globalContext,
    places: new UnitBoxes(network, index),
    result,
    sample: samples.get(name) ?? 'all',
    losses: parts.losses?.get(name),
  })
  function* layers(): Generator<LayerText> {
    let separator = ''
    for (const [i, layer] of network.layers.entries()) {
      const result = parts.results.get(layer.name)
      if (layer.op === null || !result) continue
      scanned = Math.max(scanned, result.scanned)
      const before = separator
      yield {
        pieces: () => layerPieces(before, layerParts(layer.name, layer.shape, i, result), parts),
        scanned: () => result.scanned,
      }
      separator = ','
    }
    yield { pieces: () => [']}'], scanned: () => 0 }
  }
  const { inputShape } = network
  const count = parts.table.paths.length
  return { layers: layers(), head: () => headText({ ...parts, inputShape, count }, scanned) }
}

/** The text of the file up to its first layer. `scanned` is the number of images that have been through any of its layers. */
export function headText(parts: HeadParts, scanned: number): string {
  return JSON.stringify(resultsHead(parts, scanned)).replace(/}$/, ',"layers":[')
}

function resultsHead(parts: HeadParts, scanned: number): Omit<ResultsFile, 'layers'> {
  const { inputShape, table, selection, count } = parts
  return {
    format: 'urpatch-results',
    version: 1,
    model: { name: parts.modelName, sha256: parts.modelSha256, inputShape },
    images: {
      name: parts.imagesName,
      count,
      scanned,
      fingerprint: parts.fingerprint,
      ...indexRecord(table),
      ...selectionRecord(selection),
      skipped: [...parts.skipped]
        .toSorted(([a], [b]) => a - b)
        .map(([image, reason]) => ({ path: table.paths[image]!, reason })),
    },
    preprocessing: parts.preprocessing,
    k: parts.k,
    ...(parts.notes ? { notes: parts.notes } : {}),
  }
}

function indexRecord({ index }: Pick<ImageTable, 'index'>): Pick<ResultsFile['images'], 'index'> {
  if (!index) return {}
  const { name, columns, header, classesFrom } = index
  return { index: { name, columns, header, classesFrom } }
}

function selectionRecord({
  classes,
  splits,
}: HeadParts['selection']): Pick<ResultsFile['images'], 'selection'> {
  if (classes === null && splits === null) return {}
  return { selection: { ...(classes ? { classes } : {}), ...(splits ? { splits } : {}) } }
}

/** The text of a layer, some channels a piece; how many depends on their length. */
export function* layerPieces(
  separator: string,
  layer: LayerParts,
  { k, table }: Pick<HeadParts, 'k' | 'table'>,
): Generator<string> {
  const recordOf = channelRecorder(layer, k, table)
  let piece = `${separator}${JSON.stringify(layerHead(layer, table)).slice(0, -1)},"channels":[`
  for (let channel = 0; channel < layer.result.channels; channel++) {
    piece += `${channel > 0 ? ',' : ''}${JSON.stringify(recordOf(channel))}`
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield `${piece}]}`
}

function layerHead(
  { name, shape, globalContext, result, sample, losses }: LayerParts,
  table: RecordTable,
): Omit<LayerRecord, 'channels'> {
  const classes = table.classNames.length
  return {
    name,
    shape,
    ...(globalContext ? { globalContext: true as const } : {}),
    scanned: result.scanned,
    ...(sample === 'all' ? {} : { sample }),
    ...(classes > 0 && result.of(classMeans, 0) === null
      ? { classesLeftOut: whyNoClasses(result.channels, classes) }
      : {}),
    ...(losses ? { ablation: lossRecord(losses) } : {}),
  }
}
