/** @file An opened snapshot: shown as a results file is as long as it stands alone, and what a scan goes on from if all fits. */
import { nameOf } from '../../core/backendNames.ts'
import { sentence } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { Sample } from '../../core/images/selection.ts'
import type { SupportedLayer } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import { toScan } from '../../core/results/snapshot/snapshotHead.ts'
import {
  classesOf,
  type ReadSnapshot,
  resultOfLayer,
  SnapshotResult,
} from '../../core/results/snapshot/snapshotResult.ts'
import { headOfSnapshot, scannedIn } from '../../core/results/snapshot/snapshotText.ts'
import { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import type { OpenModel } from '../model/openModel.ts'
import { breather } from '../timing/breather.ts'
import type { OpenSnapshot, ReadFile } from './openResults.ts'

/** Sums are added up layer by layer, so that the page goes on meanwhile. */
export async function fileOfSnapshot(read: ReadSnapshot, name: string): Promise<ReadFile> {
  const { facts, images, scans } = read
  const breathe = breather()
  const layers: OpenSnapshot['layers'][number][] = []
  for (const found of read.found) {
    layers.push({
      facts: found.facts,
      result: resultOfLayer(found.facts, found.snapshot, classesOf(facts)),
    })
    await breathe()
  }
  const pathOf = new Map(Array.from(images.numbers, (number, i) => [number, images.paths[i]!]))
  return {
    name,
    head: JSON.parse(`${headOfSnapshot(read)}]}`) as Record<string, unknown>,
    model: facts.model,
    images: {
      name: facts.images.name,
      count: facts.images.count,
      scanned: scannedIn(read),
      fingerprint: facts.images.fingerprint,
      selection: { classes: facts.selection.classes, splits: facts.selection.splits },
      skipped: Array.from(images.skipped, ([image, reason]) => ({ path: pathOf.get(image)!, reason })),
    },
    preprocessing: facts.preprocessing,
    k: facts.k,
    paths: images.paths,
    classNames: facts.images.classNames,
    classOf: images.classes,
    layers: read.layers.map(({ name: ofLayer, shape, globalContext, scanned, scan, losses }) => ({
      name: ofLayer,
      shape,
      globalContext,
      scanned,
      sample: scans[scan]!.sample,
      ...(losses ? { losses } : {}),
    })),
    shownBy: (numbering, version) =>
      new Map(
        layers.map(({ facts: layer, result }) => [
          layer.name,
          new SnapshotResult(layer, result, images, numbering, version),
        ]),
      ),
    content: { kind: 'snapshot', snapshot: { facts, images, scans, layers } },
  }
}

interface Covered {
  readonly images: ImageMask
  readonly sample: Sample
}

export interface WentOn {
  readonly results: ReadonlyMap<string, LayerResult>
  readonly coverage: ReadonlyMap<string, Covered>
  /** The number of images that have been through, of the layers that have seen fewest, and how many are to. */
  readonly done: number
  readonly total: number
}

/** Results that a scan of these images can grow. The snapshot has to be of them. */
export async function goOnFrom(
  { facts, scans, layers }: OpenSnapshot,
  { paths, classNames, classOf }: ImageTable,
): Promise<WentOn> {
  const covers = scans.map(({ sample, images }): Covered => {
    const mask = new ImageMask(paths.length)
    for (const image of images) mask.add(image)
    return { images: mask, sample }
  })
  const classes = { count: classNames.length, of: classOf }
  const breathe = breather()
  const results = new Map<string, LayerResult>()
  const coverage = new Map<string, Covered>()
  for (const { facts: layer, result } of layers) {
    results.set(layer.name, resultOfLayer(layer, result.snapshot(), classes))
    coverage.set(layer.name, covers[layer.scan]!)
    await breathe()
  }
  const least = scans.toSorted((a, b) => a.images.length - b.images.length)[0]!
  return { results, coverage, done: least.images.length, total: toScan(least, facts.selection.shard) }
}

/** Why a scan cannot go on from it with what is open, as a sentence; null if it can. `digest` is that of the open images. */
export function whyItStays(
  { facts, layers }: OpenSnapshot,
  file: string,
  open: {
    readonly model: OpenModel
    readonly images: { readonly name: string; readonly digest: string; readonly isSame: boolean }
    readonly backend: OpenSnapshot['facts']['backend']
  },
): string | null {
  const { model, images, backend } = open
  if (facts.images.digest !== images.digest || !images.isSame)
    return sentence('snapshot/other-images', { file, images: images.name })
  if (facts.backend !== backend)
    return sentence('snapshot/other-backend', { file, was: named(facts.backend), now: named(backend) })
  const known = new Map(scannableLayers(model.network).map((layer) => [layer.name, layer]))
  const other = layers.find(({ facts: { name, shape } }) => {
    const layer = known.get(name) as SupportedLayer | undefined
    return String(layer?.shape) !== String(shape)
  })
  return other ? sentence('snapshot/other-layers', { file, layer: other.facts.name }) : null
}

function named(choice: OpenSnapshot['facts']['backend']): string {
  const isReference = choice === 'tfjs-wasm'
  return nameOf({ name: isReference ? 'wasm' : choice, isReference })
}
