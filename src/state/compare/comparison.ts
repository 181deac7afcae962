/** @file Scans of the same images that are compared: snapshots or results files, in the numbers of one list of images. */
import { layerPairs } from '../../core/compare/layerPairs.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import { fieldsOf, numberingOf, ownTable, type ReadFile } from '../results/openResults.ts'
import {
  type ComparedLayer,
  type ComparedScan,
  type Comparison,
  type KeptScan,
  nothingCompared,
} from './compared.ts'

let versions = 0

/** The images of results get other numbers whenever the scans are others. */
export function comparisonOf(kept: readonly KeptScan[]): Comparison {
  if (kept.length === 0) return nothingCompared
  const table = ownTableOf(kept.flatMap(({ parts }) => parts.map(({ read }) => read)))
  const version = ++versions
  const names = namesOf(kept)
  const scans = kept.map((scan, at): ComparedScan => {
    const layers = new Map<string, ComparedLayer>()
    for (const { read } of scan.parts) {
      const results = read.shownBy(numberingOf(read, table), version)
      const fields = fieldsOf(read, results)
      for (const { name, shape } of read.layers)
        if (!layers.has(name))
          layers.set(name, { name, shape, result: results.get(name)!, field: fields.get(name) ?? null })
    }
    return { ...scan, name: names[at]!, layers }
  })
  return { scans, table }
}

function ownTableOf(reads: readonly ReadFile[]): ImageTable {
  const classNames = sorted(reads.flatMap((read) => read.classNames))
  const paths = reads.every((read) => read.paths === reads[0]!.paths)
    ? (reads[0]?.paths ?? [])
    : sorted(reads.flatMap((read) => read.paths))
  const classOf = new Int32Array(paths.length).fill(-1)
  const known = { paths, classNames, classOf }
  for (const read of reads) {
    const { images, classes } = numberingOf(read, known)
    for (const [at, image] of images.entries()) {
      const ofFile = read.classOf[at]!
      if (ofFile >= 0) classOf[image] = classes[ofFile]!
    }
  }
  return ownTable(known)
}

/** Each once, by code unit as files have them. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** The names of the models without their endings; of equal ones those of the files, or with numbers. */
function namesOf(kept: readonly KeptScan[]): string[] {
  const first = kept.map(({ parts }) => parts[0]!)
  const stem = (name: string): string =>
    name.replace(/\.(keras|h5|hdf5|onnx|urpatch|urpatch\.json|json)$/i, '')
  const models = first.map(({ read }) => stem(read.model.name))
  if (new Set(models).size === models.length) return models
  const files = first.map(({ file }) => stem(file.name))
  if (new Set(files).size === files.length) return files
  return models.map((name, at) =>
    models.indexOf(name) === models.lastIndexOf(name) ? name : `${name} (${at + 1})`,
  )
}

/** Whether a scan of a file is of the same model and settings as a kept one. */
export function isSameScan(a: ReadFile, b: ReadFile): boolean {
  const key = ({ model, preprocessing, images: { selection } }: ReadFile): string =>
    JSON.stringify([model.sha256, model.inputShape, Object.entries(preprocessing).toSorted(), selection])
  return key(a) === key(b)
}

/** Whether files are of scans of the same images, and of other models or settings. */
export function areComparable(a: ReadFile, b: ReadFile): boolean {
  return a.images.fingerprint === b.images.fingerprint && !isSameScan(a, b)
}

/** The memory that a scan takes: that of its sums, or of the file that they were read of. */
export function bytesOf({ parts }: KeptScan): number {
  return parts.reduce((sum, { file, read }) => {
    const { content } = read
    if (content.kind === 'results') return sum + file.size
    return sum + content.snapshot.layers.reduce((bytes, { result }) => bytes + result.bytes, 0)
  }, 0)
}

/** Together with what else a tab needs, this is some way from the 4 GB that browsers give it. */
export const mostComparedBytes = 2 ** 30

/** How a scan differs from the first one in what makes numbers comparable; null if it does not. */
export function differenceFrom(first: KeptScan, { parts }: KeptScan): string | null {
  const [a, b] = [first.parts[0]!.read, parts[0]!.read]
  const settings = Object.entries(b.preprocessing).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(a.preprocessing[name as keyof typeof a.preprocessing]),
  )
  const all = [
    settings.length > 0 &&
      `other preprocessing: ${settings.map(([name, value]) => `${name}=${String(value)}`).join(', ')}`,
    a.images.scanned !== b.images.scanned && 'another number of images',
  ].filter((text) => text !== false)
  return all.length > 0 ? all.join('; ') : null
}

/** A layer of each scan; null if a scan has none that goes with that of the scan before. */
export type LayerRow = readonly (ComparedLayer | null)[]

/** Layers side by side, in the order of the scan at that position, for each of its layers that another scan has too. */
export function layerRows({ scans }: Comparison, at: number): LayerRow[] {
  const base = scans[at]
  if (!base) return []
  const partners = scans.map((scan) => layerPairs([...base.layers.values()], [...scan.layers.values()]))
  return [...base.layers.values()]
    .map((layer) =>
      scans.map((scan, other) => {
        const name = other === at ? layer.name : partners[other]!.get(layer.name)
        return (name !== undefined && scan.layers.get(name)) || null
      }),
    )
    .filter((row) => row.filter((layer) => layer !== null).length > 1)
}
