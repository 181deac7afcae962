/** @file The results file, `*.urpatch.json`: the contract other programs read (DESIGN.md). */
import { type ChannelRecord, channelRecorder } from './channelRecord.ts'
import type { ImageTable, IndexSettings } from './images/imageTable.ts'
import type { Preprocessing } from './images/preprocessing.ts'
import type { Sample, Selection } from './images/selection.ts'
import type { Network, SupportedLayer } from './model/network.ts'
import { receptiveField } from './model/receptiveField.ts'
import { whyNoClasses } from './scan/classMeans.ts'
import type { LayerResult } from './scan/layerResult.ts'

export interface ResultsFile {
  readonly format: 'urpatch-results'
  readonly version: 1
  readonly model: { readonly name: string; readonly sha256: string; readonly inputShape: readonly number[] }
  readonly images: {
    readonly name: string
    readonly count: number
    readonly scanned: number
    readonly fingerprint: string
    /** Only where there is one: how the index was read. */
    readonly index?: IndexSettings
    /** Only where not all images were to be scanned: the classes and splits that were. */
    readonly selection?: { readonly classes?: readonly string[]; readonly splits?: readonly string[] }
    readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  }
  readonly preprocessing: Preprocessing
  readonly k: number
  readonly layers: readonly LayerRecord[]
}

export interface LayerRecord {
  readonly name: string
  readonly shape: readonly number[]
  /** Only where it is: units also depend on statistics of the whole image (squeeze-and-excitation). */
  readonly globalContext?: true
  /** Images seen by this layer: fewer than `images.scanned` where its scan was stopped. */
  readonly scanned: number
  /** Only where it is one: the sample of the images that was scanned. */
  readonly sample?: Exclude<Sample, 'all'>
  /** Only where images have classes and the channels no `classes`: why. */
  readonly classesLeftOut?: string
  readonly channels: readonly ChannelRecord[]
}

export interface ResultsParts {
  readonly network: Network
  readonly modelName: string
  readonly modelSha256: string
  readonly imagesName: string
  readonly table: ImageTable
  readonly fingerprint: string
  readonly skipped: ReadonlyMap<number, string>
  readonly preprocessing: Preprocessing
  /** Of what each channel has, so many are told. */
  readonly k: number
  readonly selection: Selection
  /** By layer name. */
  readonly results: ReadonlyMap<string, LayerResult>
  readonly samples: ReadonlyMap<string, Sample>
}

/**
 * The file in pieces, one a layer: all of it may be longer than a string can be. What is known of all layers together
 * comes first in the file and is made last, so that it fits layers that grow between two pieces.
 */
export function resultsText(parts: ResultsParts): {
  readonly layers: Iterable<string>
  readonly head: () => string
} {
  let scanned = 0
  function* layers(): Generator<string> {
    let separator = ''
    for (const [i, layer] of parts.network.layers.entries()) {
      const result = parts.results.get(layer.name)
      if (layer.op === null || !result) continue
      scanned = Math.max(scanned, result.scanned)
      yield separator + JSON.stringify(layerRecord(layer, i, result, parts))
      separator = ','
    }
    yield ']}'
  }
  const head = (): string => JSON.stringify(resultsHead(parts, scanned)).replace(/}$/, ',"layers":[')
  return { layers: layers(), head }
}

function resultsHead(parts: ResultsParts, scanned: number): Omit<ResultsFile, 'layers'> {
  const { network, table, selection } = parts
  return {
    format: 'urpatch-results',
    version: 1,
    model: { name: parts.modelName, sha256: parts.modelSha256, inputShape: network.inputShape },
    images: {
      name: parts.imagesName,
      count: table.paths.length,
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
  }
}

function indexRecord({ index }: ImageTable): Pick<ResultsFile['images'], 'index'> {
  if (!index) return {}
  const { name, columns, header, classesFrom } = index
  return { index: { name, columns, header, classesFrom } }
}

function selectionRecord({ classes, splits }: Selection): Pick<ResultsFile['images'], 'selection'> {
  if (classes === null && splits === null) return {}
  return { selection: { ...(classes ? { classes } : {}), ...(splits ? { splits } : {}) } }
}

function layerRecord(
  layer: SupportedLayer,
  index: number,
  result: LayerResult,
  { network, table, k, samples }: ResultsParts,
): LayerRecord {
  const sample = samples.get(layer.name) ?? 'all'
  const { channels } = result.topK
  const classes = table.classNames.length
  const recordOf = channelRecorder(network, layer, index, result, k, table)
  return {
    name: layer.name,
    shape: layer.shape,
    ...(receptiveField(network, index).globalContext ? { globalContext: true as const } : {}),
    scanned: result.scanned,
    ...(sample === 'all' ? {} : { sample }),
    ...(classes > 0 && !result.classMeans ? { classesLeftOut: whyNoClasses(channels, classes) } : {}),
    channels: Array.from({ length: channels }, (_, channel) => recordOf(channel)),
  }
}
