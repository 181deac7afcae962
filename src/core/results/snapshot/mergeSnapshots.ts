/**
 * @file Puts parts of one scan together, to the last bit what one pass gives: everything that a layer's result holds can be added
 * up in any order. One layer after the other is read and written, so memory does not grow with the number of parts.
 */
import { appError } from '../../errors.ts'
import type { LayerLosses } from '../../reasons/lossRanking.ts'
import { lossRecord } from '../../reasons/lossRecord.ts'
import { SnapshotWriter } from './snapshotWriter.ts'
import { placeOf, type SnapshotFile } from './snapshotFile.ts'
import { classesOf, resultOfLayer } from './snapshotResult.ts'
import {
  type SnapshotFacts,
  snapshotEnding,
  type StoredImages,
  type StoredScan,
  toScan,
} from './snapshotHead.ts'

export interface MergeOptions {
  /** As sentences name the file that comes of it. */
  readonly out: string
  /** Whether images may be missing. */
  readonly partial: boolean
}

export interface Merge {
  /** The number of chosen images that no part has seen, of the scan that lacks most. */
  readonly missing: number
  /**
   * Names of the layers of which parts have different losses without their channels. Theirs are left out: each part has ranked
   * channels on images of its own, and losses cannot be added up.
   */
  readonly unlikeLosses: readonly string[]
  /** Writes everything behind the file's first bytes, and returns these. Throws `snapshot/invalid` and `results/unreadable`. */
  write(
    encode: (text: string) => Uint8Array<ArrayBuffer>,
    sink: (bytes: Uint8Array<ArrayBuffer>) => void,
    onLayer?: () => void | Promise<void>,
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** Checks that the parts go together, before anything is written. Throws `snapshot/unlike`, `snapshot/overlap` and `snapshot/unfinished`. */
export function mergeOf(files: readonly SnapshotFile[], { out, partial }: MergeOptions): Merge {
  const [first, ...others] = files as [SnapshotFile, ...SnapshotFile[]]
  for (const other of others) {
    const what = difference(first, other)
    if (what !== null) throw appError('snapshot/unlike', { file: other.name, first: first.name, what })
  }
  const scans = first.scans.map(({ sample, chosen }, at): StoredScan => {
    const seen = files.map((file) => ({ file, images: file.scans[at]!.images }))
    return { sample, chosen, images: joined(seen) }
  })
  const missing = Math.max(0, ...scans.map(({ chosen, images }) => chosen - images.length))
  if (missing > 0 && !partial)
    throw appError('snapshot/unfinished', {
      out,
      missing,
      chosen: Math.max(...scans.map(({ chosen }) => chosen)),
      files: files
        .filter(isUnfinished)
        .map(({ name }) => name)
        .join(', '),
    })
  const { notes } = (files.find(({ facts }) => facts.notes !== null) ?? first).facts
  const facts: SnapshotFacts = {
    ...first.facts,
    notes,
    selection: { ...first.facts.selection, shard: others.length === 0 ? first.facts.selection.shard : null },
  }
  const lossesOf = first.layers.map((_, at) => commonLosses(files.map(({ layers }) => layers[at]!.losses)))
  return {
    missing,
    unlikeLosses: first.layers.filter((_, at) => lossesOf[at] === 'unlike').map(({ name }) => name),
    async write(encode, sink, onLayer) {
      const writer = new SnapshotWriter({ facts, images: imagesOf(files), scans }, encode, sink)
      for (const [at] of first.layers.entries()) {
        const { facts: own, snapshot } = await first.layer(at)
        const { losses: _, ...layer } = own
        const result = resultOfLayer(layer, snapshot, classesOf(facts))
        for (const other of others) result.restore((await other.layer(at)).snapshot)
        const losses = lossesOf[at]!
        const known = losses === null || losses === 'unlike' ? {} : { losses }
        writer.layer({ ...layer, ...known }, result.snapshot())
        await onLayer?.()
      }
      return writer.end()
    },
  }
}

/** Those of the parts that have some, if all of these are equal. */
function commonLosses(parts: readonly (LayerLosses | undefined)[]): LayerLosses | null | 'unlike' {
  const [first, ...others] = parts.filter((losses) => losses !== undefined)
  if (!first) return null
  const text = JSON.stringify(lossRecord(first))
  return others.every((losses) => JSON.stringify(lossRecord(losses)) === text) ? first : 'unlike'
}

/** Whether a scan in it has not come to the end of its shard. */
export function isUnfinished({ scans, facts }: Pick<SnapshotFile, 'scans' | 'facts'>): boolean {
  return scans.some((scan) => scan.images.length < toScan(scan, facts.selection.shard))
}

/**
 * Which files are of one scan, as they have the same model and settings; the others are to be compared with it. Throws
 * `snapshot/unlike` if they are not of the same images.
 */
export function scansAmong(files: readonly SnapshotFile[]): SnapshotFile[][] {
  const scans = new Map<string, SnapshotFile[]>()
  for (const file of files) {
    const what = otherImages(files[0]!, file)
    if (what !== null) throw appError('snapshot/unlike', { file: file.name, first: files[0]!.name, what })
    const { model, preprocessing, backend } = file.facts
    const key = JSON.stringify([
      model.sha256,
      model.inputSize,
      Object.entries(preprocessing).toSorted(),
      backend,
    ])
    scans.set(key, [...(scans.get(key) ?? []), file])
  }
  return [...scans.values()]
}

/** What says that two files are not of the same images, as a clause; null if they are. */
function otherImages(
  { facts: { images: a } }: SnapshotFile,
  { facts: { images: b } }: SnapshotFile,
): string | null {
  const key = ({ count, digest, classNames }: SnapshotFacts['images']): string =>
    JSON.stringify([count, digest, classNames])
  if (key(a) !== key(b)) return `it is of other images (${b.name} has other paths or classes than ${a.name})`
  if (a.fingerprint !== b.fingerprint)
    return `an image of ${b.name} has another size than it has in ${a.name}`
  return null
}

/** What keeps two files from being parts of one scan, as a clause; null if they are. */
function difference(first: SnapshotFile, other: SnapshotFile): string | null {
  const [a, b] = [first.facts, other.facts]
  const differs = (of: (file: SnapshotFile) => unknown): boolean =>
    JSON.stringify(of(first)) !== JSON.stringify(of(other))
  const changed = Object.entries(b.preprocessing).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(a.preprocessing[name as keyof typeof a.preprocessing]),
  )
  const lacking = first.layers.find(({ name }) => !other.layers.some((layer) => layer.name === name))
  const beyond = other.layers.find(({ name }) => !first.layers.some((layer) => layer.name === name))
  if (a.model.sha256 !== b.model.sha256)
    return `it is of another model (${b.model.name} has another content than ${a.model.name})`
  if (differs(({ facts }) => [facts.model.inputShape, facts.model.inputSize]))
    return `its model has an input of ${b.model.inputShape.join('×')} and not of ${a.model.inputShape.join('×')}`
  const images = otherImages(first, other)
  if (images !== null) return images
  if (changed.length > 0)
    return `its preprocessing is another one (${changed.map(([name, value]) => `${name}=${String(value)}`).join(', ')})`
  if (a.k !== b.k) return `it shows ${b.k} patches a channel and not ${a.k}`
  if (a.backend !== b.backend)
    return `it was computed by ${b.backend} and not by ${a.backend}, which differ in the last digits`
  if (differs(({ facts: { selection } }) => [selection.classes, selection.splits]))
    return 'other classes or splits were chosen for it'
  if (lacking) return `it lacks the layer ${lacking.name}`
  if (beyond) return `it has the layer ${beyond.name}, which is not in ${first.name}`
  if (differs(({ layers }) => layers.map(({ shape, kept, scan }) => [shape, kept, scan])))
    return 'its layers have other shapes, keep another number of patches, or were not scanned together in the same way'
  if (differs(({ scans }) => scans.map(({ sample, chosen }) => [sample, chosen])))
    return 'another sample of the images was chosen for it'
  return null
}

/** The images of all parts, ascending. Throws `snapshot/overlap` if one is in two of them. */
function joined(
  parts: readonly { readonly file: SnapshotFile; readonly images: Uint32Array }[],
): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { images }) => sum + images.length, 0))
  let at = 0
  for (const { images } of parts) {
    all.set(images, at)
    at += images.length
  }
  all.sort()
  const twice = all.findIndex((image, i) => i > 0 && image === all[i - 1])
  if (twice < 0) return all
  const [a, b] = parts.filter(({ images }) => images[placeOf(images, all[twice]!)] === all[twice]) as [
    (typeof parts)[number],
    (typeof parts)[number],
  ]
  const both = a.images.filter((image) => b.images[placeOf(b.images, image)] === image)
  throw appError('snapshot/overlap', {
    file: b.file.name,
    first: a.file.name,
    count: both.length,
    image: pathOf(a.file, both[0]!),
  })
}

function pathOf({ images: { numbers, paths } }: SnapshotFile, image: number): string {
  return paths[placeOf(numbers, image)]!
}

function imagesOf(files: readonly SnapshotFile[]): StoredImages {
  const all = files.flatMap(({ images: { numbers, paths, classes } }) =>
    Array.from(numbers, (number, i) => ({ number, path: paths[i]!, class: classes[i]! })),
  )
  all.sort((a, b) => a.number - b.number)
  const once = all.filter(({ number }, i) => i === 0 || number !== all[i - 1]!.number)
  return {
    numbers: Uint32Array.from(once, ({ number }) => number),
    paths: once.map(({ path }) => path),
    classes: Int32Array.from(once, (image) => image.class),
    skipped: new Map(files.flatMap(({ images }) => [...images.skipped])),
  }
}

/** The name of a file that several are merged into. */
export function mergedName(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.length} snapshots${snapshotEnding}`
}
