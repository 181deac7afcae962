/** @file The results file, `*.urpatch.json`: the contract other programs read (DESIGN.md). */
import type { ImageTable, IndexSettings } from './images/imageTable.ts'
import type { Preprocessing } from './images/preprocessing.ts'
import type { Sample, Selection } from './images/selection.ts'
import { type Network, type SupportedLayer, unitAt } from './model/network.ts'
import { type Box, receptiveField, UnitBoxes } from './model/receptiveField.ts'
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
  readonly channels: readonly ChannelRecord[]
}

export interface ChannelRecord {
  readonly channel: number
  /** Only where it is: one value in every unit of every image. */
  readonly dead?: true
  /** Only where there are any: images in which the channel made NaN. */
  readonly nanImages?: number
  readonly top: readonly TopRecord[]
}

export interface TopRecord {
  readonly image: string
  readonly activation: number
  readonly unit: readonly [number, number]
  /** `[top, left, bottom, right]`, half open, in pixels of the model's input, unclipped. */
  readonly box: Box
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
  readonly k: number
  readonly selection: Selection
  /** By layer name. */
  readonly results: ReadonlyMap<string, LayerResult>
  readonly samples: ReadonlyMap<string, Sample>
}

export function buildResults(parts: ResultsParts): ResultsFile {
  const { network, table, selection } = parts
  const layers = network.layers.flatMap((layer, i) => {
    const result = parts.results.get(layer.name)
    return layer.op !== null && result ? [layerRecord(network, layer, i, result, parts)] : []
  })
  return {
    format: 'urpatch-results',
    version: 1,
    model: { name: parts.modelName, sha256: parts.modelSha256, inputShape: network.inputShape },
    images: {
      name: parts.imagesName,
      count: table.paths.length,
      scanned: Math.max(0, ...layers.map((layer) => layer.scanned)),
      fingerprint: parts.fingerprint,
      ...indexRecord(table),
      ...selectionRecord(selection),
      skipped: [...parts.skipped]
        .toSorted(([a], [b]) => a - b)
        .map(([image, reason]) => ({ path: table.paths[image]!, reason })),
    },
    preprocessing: parts.preprocessing,
    k: parts.k,
    layers,
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
  network: Network,
  layer: SupportedLayer,
  index: number,
  result: LayerResult,
  { table, samples }: ResultsParts,
): LayerRecord {
  const sample = samples.get(layer.name) ?? 'all'
  const boxes = new UnitBoxes(network, index)
  return {
    name: layer.name,
    shape: layer.shape,
    ...(receptiveField(network, index).globalContext ? { globalContext: true as const } : {}),
    scanned: result.scanned,
    ...(sample === 'all' ? {} : { sample }),
    channels: Array.from({ length: result.topK.channels }, (_, channel) => {
      const nanImages = result.range.nanImages[channel]!
      return {
        channel,
        ...(result.isDead(channel) ? { dead: true as const } : {}),
        ...(nanImages > 0 ? { nanImages } : {}),
        top: result.top(channel).map(({ image, activation, position }) => {
          const unit = unitAt(layer.shape, position)
          return {
            image: table.paths[image]!,
            activation: shortFloat32(activation),
            unit,
            box: boxes.box(...unit),
          }
        }),
      }
    }),
  }
}

/**
 * Nine significant digits tell any two float32 numbers apart. JSON has no word for infinity: the largest float32 stands
 * for it.
 */
function shortFloat32(value: number): number {
  const finite = Math.min(Math.max(value, -maxFloat32), maxFloat32)
  return Number(finite.toPrecision(9))
}

const maxFloat32 = 3.4028234663852886e38
