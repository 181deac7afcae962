/** @file Plans of scans: which layers, over which images, into which results. */
import { appError } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import { type Sample, type Selection, selectImages } from '../../core/images/selection.ts'
import { channelCount, type SupportedLayer } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import { layersWithClasses } from '../../core/scan/classMeans.ts'
import { nearestNames } from '../../core/nearestNames.ts'
import { ImageMask } from '../../core/scan/imageMask.ts'
import { LayerResult } from '../../core/scan/layerResult.ts'
import { scanOrder } from '../../core/scan/scanOrder.ts'
import { type Chosen, chosenImages, withoutSample, type Coverage } from './coverage.ts'
import type { OpenModel } from '../model/openModel.ts'
import { isUnderWay, type ScanPhase } from './scanPhase.ts'

export interface ScanPlan {
  readonly names: readonly string[]
  /** Image numbers in scanning order. */
  readonly order: Uint32Array
  readonly coverage: Coverage
  /** In step with `names`. */
  readonly results: readonly LayerResult[]
}

/** Plans a scan of the chosen images for these layers. Throws `model/unknown-layer`. */
export function planScan(
  { k, keep, selection }: { readonly k: number; readonly keep: number; readonly selection: Selection },
  model: OpenModel,
  table: ImageTable,
  names: readonly string[],
): ScanPlan {
  return {
    names,
    order: imagesToScan(table, selection),
    coverage: { images: new ImageMask(table.paths.length), sample: selection.sample },
    results: emptyResults(model, names, Math.max(k, keep), table),
  }
}

/**
 * Plans a scan of the images that are left of a sample, or of all, for the layers that were scanned together with this
 * one; null if it was never scanned.
 */
export function planRest(
  {
    coverage,
    results,
    selection,
  }: Pick<Chosen, 'coverage' | 'selection'> & {
    readonly results: ReadonlyMap<string, LayerResult>
  },
  table: ImageTable,
  layer: string,
  sample: Sample = 'all',
): ScanPlan | null {
  const images = coverage.get(layer)?.images
  if (!images) return null
  const names = [...results.keys()].filter((name) => coverage.get(name)!.images === images)
  return {
    names,
    order: imagesToScan(table, { ...selection, sample }, images),
    coverage: { images, sample },
    results: names.map((name) => results.get(name)!),
  }
}

/** The chosen images in scanning order, without those in `before`. Throws `selection/unknown`. */
export function imagesToScan(table: ImageTable, selection: Selection, before?: ImageMask): Uint32Array {
  // They are chosen before they are shuffled: the first 500 are those of the user's own order.
  const order = scanOrder(selectImages(table, selection))
  return before && before.count > 0 ? order.filter((image) => !before.has(image)) : order
}

/** How many images of the chosen classes and splits this layer has not seen, though a scan of it has ended. */
export function imagesLeft(
  { scan, images, coverage, selection }: Chosen & { readonly scan: ScanPhase },
  layer: string,
): number {
  const covered = coverage.get(layer)?.images
  if (!images || !covered || isUnderWay(scan)) return 0
  return chosenImages(images.table, withoutSample(selection)).length - covered.count
}

/** As many patches as the largest mosaic of the grid shows, so that showing more or fewer of them costs nothing. */
export const usualKeep = 25

/** Empty results for a scan of these layers that keeps `kept` patches of a channel. Throws `model/unknown-layer`. */
export function emptyResults(
  model: OpenModel,
  names: readonly string[],
  kept: number,
  { classNames, classOf }: ImageTable,
): LayerResult[] {
  const shapes = names.map(
    (name) => (model.network.layers[indexOfLayer(model, name)] as SupportedLayer).shape,
  )
  const classes = { count: classNames.length, of: classOf }
  const withClasses = layersWithClasses(shapes.map(channelCount), classes.count)
  return shapes.map((shape, i) => {
    const [rows, columns] = mapSize(shape)
    const ofClasses = withClasses[i] ? classes : null
    return new LayerResult(channelCount(shape), rows * columns, kept, ofClasses, columns)
  })
}

/** Throws `model/unknown-layer`. */
export function indexOfLayer({ network }: OpenModel, name: string): number {
  const scannable = scannableLayers(network)
  const layer = scannable.find((one) => one.name === name)
  if (layer) return network.layers.indexOf(layer)
  const known = nearestNames(
    name,
    scannable.map((one) => one.name),
  )
  throw appError('model/unknown-layer', { layer: name, known })
}
