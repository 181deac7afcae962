/** @file What a snapshot of results in memory holds. */
import type { ImageTable } from '../../images/imageTable.ts'
import { selectImages, type Sample, type Selection } from '../../images/selection.ts'
import type { Network } from '../../model/network.ts'
import { receptiveField, UnitBoxes } from '../../model/receptiveField.ts'
import type { LayerLosses } from '../../reasons/lossRanking.ts'
import type { ImageMask } from '../../scan/imageMask.ts'
import type { LayerResult } from '../../scan/layerResult.ts'
import type { LayerSnapshot } from '../../scan/layerSnapshot.ts'
import { storedPlaces } from './places.ts'
import type { SnapshotFacts, StoredLayerFacts, StoredScan } from './snapshotHead.ts'
import type { SnapshotContent } from './snapshotWriter.ts'

export interface SnapshotParts {
  readonly network: Network
  readonly facts: Omit<SnapshotFacts, 'images' | 'selection'> & {
    readonly images: Omit<SnapshotFacts['images'], 'count' | 'index' | 'classNames'>
  }
  readonly table: ImageTable
  readonly selection: Omit<Selection, 'sample'>
  /** By layer name. */
  readonly results: ReadonlyMap<string, LayerResult>
  /** What the network loses without channels, of those layers for which it was asked for. */
  readonly losses: ReadonlyMap<string, LayerLosses>
  /** Layers that were scanned together have the same object. */
  readonly coverage: ReadonlyMap<string, { readonly images: ImageMask; readonly sample: Sample }>
  readonly skipped: ReadonlyMap<number, string>
}

export interface LayerToStore {
  readonly facts: StoredLayerFacts
  /** A copy of what was found until now. */
  snapshot(): LayerSnapshot
}

/** Layers come in the network's order. Nothing may be scanned until the last of them has been copied. */
export function snapshotParts({
  network,
  facts,
  table,
  selection: { classes, splits, shard },
  results,
  losses,
  coverage,
  skipped,
}: SnapshotParts): SnapshotContent & { readonly layers: readonly LayerToStore[] } {
  const masks: ImageMask[] = []
  const scans: StoredScan[] = []
  const layers: LayerToStore[] = []
  for (const [index, layer] of network.layers.entries()) {
    const result = results.get(layer.name)
    const covered = coverage.get(layer.name)
    const ofLayer = losses.get(layer.name)
    if (layer.op === null || !result || !covered) continue
    const { images, sample } = covered
    if (!masks.includes(images)) {
      masks.push(images)
      scans.push({
        sample,
        chosen: selectImages(table, { classes, splits, sample }).length,
        images: numbersIn(images, table.paths.length),
      })
    }
    layers.push({
      facts: {
        name: layer.name,
        shape: layer.shape,
        globalContext: receptiveField(network, index).globalContext,
        kept: result.kept,
        scan: masks.indexOf(images),
        places: storedPlaces(new UnitBoxes(network, index), layer.shape),
        ...(ofLayer ? { losses: ofLayer } : {}),
      },
      snapshot: () => result.snapshot(),
    })
  }
  const all = Uint32Array.from(
    Array.from(table.paths.keys()).filter((image) => masks.some((mask) => mask.has(image))),
  )
  const { classNames, index } = table
  return {
    facts: {
      ...facts,
      images: {
        ...facts.images,
        count: table.paths.length,
        index: index && {
          name: index.name,
          columns: index.columns,
          header: index.header,
          classesFrom: index.classesFrom,
        },
        classNames,
      },
      selection: { classes, splits, shard: shard ?? null },
    },
    images: {
      numbers: all,
      paths: Array.from(all, (image) => table.paths[image]!),
      classes: Int32Array.from(all, (image) => table.classOf[image]!),
      skipped: new Map([...skipped].filter(([image]) => masks.some((mask) => mask.has(image)))),
    },
    scans,
    layers,
  }
}

function numbersIn(mask: ImageMask, count: number): Uint32Array {
  const numbers = new Uint32Array(mask.count)
  for (let image = 0, at = 0; image < count; image++) if (mask.has(image)) numbers[at++] = image
  return numbers
}
