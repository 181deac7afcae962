/**
 * @file Reads a snapshot, layer by layer. The file may be cut off, damaged or written by anybody: whatever is wrong with it is
 * reported in one sentence, and no more memory is taken than it has bytes, but for what is counted in one layer.
 */
import { backendChoices } from '../../backendNames.ts'
import { parseJson } from '../../parseJson.ts'
import { appError, AppError, messageOf } from '../../errors.ts'
import {
  count,
  FieldProblem,
  flag,
  list,
  object,
  optional,
  orNull,
  plain,
  type Reader,
  text,
  whole,
  wholes,
  within,
} from '../../fields.ts'
import type { IndexSettings } from '../../images/imageTable.ts'
import type { Shard } from '../../images/selection.ts'
import { channelCount } from '../../model/network.ts'
import type { NotesFile } from '../../notes/notesFile.ts'
import { mapSize, unitsOf } from '../../model/units.ts'
import { lossReader } from '../../reasons/lossRecord.ts'
import { maxMeans } from '../../scan/classMeans.ts'
import type { LayerSnapshot } from '../../scan/layerSnapshot.ts'
import { type StoredLayer, storedSnapshot } from '../../scan/storedSnapshot.ts'
import { array, each } from '../../scan/storedArrays.ts'
import { maxK } from '../../scan/topK.ts'
import { inputShapeFields, preprocessingFields, sampleFields, shapeFields } from '../readResults.ts'
import { unpacked } from './packed.ts'
import { placesFields } from './places.ts'
import {
  preambleBytes,
  type SnapshotFacts,
  snapshotFormat,
  snapshotMagic,
  snapshotVersion,
  type StoredImages,
  type StoredLayerFacts,
  type StoredScan,
} from './snapshotHead.ts'

/** A file, of which parts are read. */
export interface ByteSource {
  /** As sentences name it. */
  readonly name: string
  readonly size: number
  /** Rejects if the file cannot be read. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
  /** Throws if the bytes are no UTF-8. */
  decode(bytes: Uint8Array): string
}

/** Larger maps are a mistake or an attack: what knows the places of units takes a byte for each. */
const mostUnits = 2 ** 26

const format: Reader<string> = (value) => {
  if (value !== snapshotFormat) throw new FieldProblem(`is not "${snapshotFormat}"`)
  return snapshotFormat
}

const shard: Reader<Shard> = (value) => {
  const [part, of] = wholes(2, 1)(value) as [number, number]
  if (part > of) throw new FieldProblem(`is part ${part} of ${of}`)
  return [part, of]
}

const backends = backendChoices.filter((choice) => choice !== 'auto')
const backend: Reader<SnapshotFacts['backend']> = (value) => {
  const found = backends.find((choice) => choice === value)
  if (!found) throw new FieldProblem(`is none of ${backends.join(', ')}`)
  return found
}

const index: Reader<IndexSettings> = (value) => {
  const column = orNull(whole(0))
  const { classesFrom, ...read } = object({
    name: text,
    columns: object({ file: whole(0), class: column, split: column }),
    header: flag,
    classesFrom: text,
  })(value)
  if (classesFrom !== 'index' && classesFrom !== 'folder' && classesFrom !== 'none')
    throw new FieldProblem('is none of index, folder, none').within('classesFrom')
  return { ...read, classesFrom }
}

const as = (value: unknown): unknown => value

const headFields = object({
  /** Where the arrays lie that are of no layer. */
  range: wholes(2, 0),
  model: object({
    name: text,
    sha256: text,
    inputShape: inputShapeFields,
    inputSize: orNull((value) => wholes(2, 1)(value) as [number, number]),
  }),
  images: object({
    name: text,
    count: whole(0),
    digest: text,
    fingerprint: text,
    index: orNull(index),
    classNames: list(text),
    skipped: list(object({ image: whole(0), reason: text })),
    numbers: as,
    paths: as,
    classes: as,
  }),
  preprocessing: preprocessingFields,
  k: whole(1, maxK),
  backend,
  selection: object({ classes: orNull(list(text)), splits: orNull(list(text)), shard: orNull(shard) }),
  notes: optional(plain),
  scans: list(object({ sample: sampleOrAll, chosen: count, images: as })),
  layers: list(
    object({
      name: text,
      shape: shapeFields,
      globalContext: flag,
      kept: whole(1, maxK),
      scan: whole(0),
      range: wholes(2, 0),
      places: as,
      result: as,
      ablation: as,
    }),
  ),
})

function sampleOrAll(value: unknown): StoredScan['sample'] {
  return value === 'all' ? 'all' : sampleFields(value)
}

type ReadLayer = ReturnType<typeof headFields>['layers'][number]

export class SnapshotFile {
  readonly name: string
  readonly facts: SnapshotFacts
  readonly images: StoredImages
  readonly scans: readonly StoredScan[]
  /** In the network's order. */
  readonly layers: readonly (Pick<
    StoredLayerFacts,
    'name' | 'shape' | 'globalContext' | 'kept' | 'scan' | 'losses'
  > & {
    readonly scanned: number
  })[]
  readonly #source: ByteSource
  readonly #layers: readonly ReadLayer[]
  /** Where arrays end. */
  readonly #end: number

  private constructor(source: ByteSource, head: ReturnType<typeof headFields>, end: number, of: Contents) {
    const { index: ofIndex, name, count: all, digest, fingerprint, classNames } = head.images
    this.#source = source
    this.#layers = head.layers
    this.#end = end
    this.name = source.name
    this.images = of.images
    this.scans = of.scans
    this.facts = {
      model: head.model,
      images: { name, count: all, digest, fingerprint, index: ofIndex, classNames },
      preprocessing: head.preprocessing,
      k: head.k,
      backend: head.backend,
      selection: head.selection,
      notes: (head.notes ?? null) as NotesFile | null,
    }
    this.layers = head.layers.map(({ result, ablation, ...layer }, i) => {
      const scanned = inside(['layers', i, 'result', 'scanned'], () =>
        whole(0, of.scans[layer.scan]!.images.length)(plain(result)['scanned']),
      )
      const losses = inside(['layers', i, 'ablation'], () =>
        optional(lossReader(channelCount(layer.shape)))(ablation),
      )
      return { ...layer, scanned, ...(losses ? { losses } : {}) }
    })
  }

  /** Throws `snapshot/invalid`, `results/truncated`, `results/version` and `results/unreadable`. */
  static async open(source: ByteSource): Promise<SnapshotFile> {
    const invalid = (problem: string): Error => appError('snapshot/invalid', { file: source.name, problem })
    const [start, end] = await headRange(source)
    const bytes = await readBytes(source, start, end)
    let json: unknown
    try {
      json = parseJson(source.decode(bytes))
    } catch (error) {
      throw invalid(`its JSON cannot be read (${messageOf(error)})`)
    }
    try {
      const { version } = object({ format, version: whole(1) })(json)
      if (version > snapshotVersion) throw newer(source, version)
      const head = headFields(json)
      return new SnapshotFile(source, head, start, await readContents(source, head, start))
    } catch (error) {
      throw told(source, error)
    }
  }

  /** The facts of a layer and what was found in it. Throws `snapshot/invalid` and `results/unreadable`. */
  async layer(at: number): Promise<{ readonly facts: StoredLayerFacts; readonly snapshot: LayerSnapshot }> {
    const { name, shape, globalContext, kept, scan, range, places, result } = this.#layers[at]!
    const { losses } = this.layers[at]!
    const [start, end] = range as [number, number]
    try {
      return await insideLater(['layers', at], async () => {
        if (start > end || start % 8 !== 0 || end > this.#end)
          throw new FieldProblem('lies outside of the file').within('range')
        const bytes = await readBytes(this.#source, start, end)
        const layer = this.#stored(at)
        const facts: StoredLayerFacts = {
          name,
          shape,
          globalContext,
          kept,
          scan,
          ...(losses ? { losses } : {}),
          places: inside(['places'], () => placesFields(shape)(unpacked(places, bytes, start))),
        }
        const snapshot = inside(['result'], () => storedSnapshot(layer)(unpacked(result, bytes, start)))
        const classes = snapshot.statistics['classes']?.sums ?? null
        if (classes !== null && layer.classCount * layer.channels > maxMeans)
          throw new FieldProblem(`has means of more than ${maxMeans.toLocaleString('en')} classes`)
        return { facts, snapshot }
      })
    } catch (error) {
      throw told(this.#source, error)
    }
  }

  #stored(at: number): StoredLayer {
    const { shape, kept, scan } = this.#layers[at]!
    const [rows, columns] = mapSize(shape)
    if (unitsOf(shape) === null || rows * columns > mostUnits)
      throw new FieldProblem(`has ${rows}×${columns} units`).within('shape')
    return {
      channels: channelCount(shape),
      units: rows * columns,
      columns,
      kept,
      classCount: this.facts.images.classNames.length,
      has: membership(this.scans[scan]!.images),
    }
  }
}

/** Whether a number is in an ascending list. */
export function membership(numbers: Uint32Array): (number: number) => boolean {
  return (number) => numbers[placeOf(numbers, number)] === number
}

/** The place of the first number of an ascending list that is not below this one. */
export function placeOf(numbers: Uint32Array, number: number): number {
  // In a list of all images each is at its own place.
  if (numbers[number] === number) return number
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < number) low = middle + 1
    else high = middle
  }
  return low
}

interface Contents {
  readonly images: StoredImages
  readonly scans: readonly StoredScan[]
}

/** Where the JSON lies. */
async function headRange(source: ByteSource): Promise<[start: number, end: number]> {
  const { name: file, size } = source
  const bytes = await readBytes(source, 0, Math.min(preambleBytes, size))
  if (snapshotMagic.some((byte, i) => i < bytes.length && bytes[i] !== byte))
    throw appError('snapshot/invalid', { file, problem: 'its first bytes are not those of a snapshot' })
  if (bytes.length < preambleBytes) throw appError('results/truncated', { file, bytes: size })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const version = view.getUint32(8, true)
  if (version > snapshotVersion) throw newer(source, version)
  const start = Number(view.getBigUint64(16, true))
  const end = start + Number(view.getBigUint64(24, true))
  if (end > size) throw appError('results/truncated', { file, bytes: size })
  if (version < 1 || start < preambleBytes || end !== size)
    throw appError('snapshot/invalid', { file, problem: 'its parts do not lie where its first bytes say' })
  return [start, end]
}

async function readContents(
  source: ByteSource,
  { images, scans, layers, range }: ReturnType<typeof headFields>,
  end: number,
): Promise<Contents> {
  const [from, to] = range as [number, number]
  if (from !== preambleBytes || to < from || to > end)
    throw new FieldProblem('lies outside of the file').within('range')
  const bytes = await readBytes(source, from, to)
  const at = (value: unknown): unknown => unpacked(value, bytes, from)
  const classCount = images.classNames.length
  const isClass = (one: number): boolean => one >= -1 && one < classCount
  const numbers = inside(['images', 'numbers'], () => ascending(images.count)(at(images.numbers)))
  const classes = inside(['images', 'classes'], () =>
    each(array(Int32Array, numbers.length), isClass, `a class below ${classCount}`)(at(images.classes)),
  )
  const paths = inside(['images', 'paths'], () => {
    const read = pathsOf(source, array(Uint8Array)(at(images.paths)))
    if (read.length !== numbers.length)
      throw new FieldProblem(`are ${read.length}, for ${numbers.length} images`)
    return read
  })
  const isThere = membership(numbers)
  const readScans = scans.map((scan, i) =>
    inside(['scans', i, 'images'], () => {
      const read = each(ascending(images.count), isThere, 'an image of the file')(at(scan.images))
      return { ...scan, images: read }
    }),
  )
  const names = new Set<string>()
  for (const [i, { name, scan }] of layers.entries())
    inside(['layers', i], () => {
      if (names.has(name)) throw new FieldProblem('is there twice').within('name')
      if (scan >= scans.length) throw new FieldProblem(`is ${scan}, of ${scans.length}`).within('scan')
      names.add(name)
    })
  const skipped = new Map(images.skipped.map(({ image, reason }) => [image, reason]))
  inside(['images', 'skipped'], () => {
    for (const image of skipped.keys())
      if (!isThere(image)) throw new FieldProblem(`has image ${image}, which is not in the file`)
  })
  return { images: { numbers, paths, classes, skipped }, scans: readScans }
}

/** Reads numbers of images: each higher than the one before, and below `count`. */
function ascending(images: number): Reader<Uint32Array> {
  const numbers = array(Uint32Array)
  return (value) => {
    const read = numbers(value)
    const isHigher = (number: number, at: number): boolean =>
      number < images && (at === 0 || number > read[at - 1]!)
    return each(() => read, isHigher, 'higher than the one before, and the number of an image')(read)
  }
}

/** Paths are sorted by code unit, as numbers are their ranks. */
function pathsOf(source: ByteSource, bytes: Uint8Array): string[] {
  let joined: string
  try {
    joined = source.decode(bytes)
  } catch {
    throw new FieldProblem('are no text in UTF-8')
  }
  const paths = bytes.length === 0 ? [] : joined.split('\0')
  const wrong = paths.findIndex((path, i) => i > 0 && !(path > paths[i - 1]!))
  if (wrong >= 0) throw new FieldProblem('comes too late: paths are sorted').within(wrong)
  return paths
}

async function readBytes(source: ByteSource, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await source.read(start, end)
  } catch (error) {
    throw appError('results/unreadable', { file: source.name, reason: messageOf(error) })
  }
}

function newer({ name }: ByteSource, version: number): Error {
  return appError('results/version', { file: name, version, known: snapshotVersion })
}

/** The problem as an error with a sentence. */
function told({ name }: ByteSource, error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof FieldProblem)) return error
  const { key, problem } = error
  return appError('snapshot/invalid', { file: name, problem: key ? `${key} ${problem}` : `it ${problem}` })
}

type Keys = readonly (string | number)[]

/** Problems get the keys under which they were found. */
function inside<T>(keys: Keys, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw keyed(error, keys)
  }
}

async function insideLater<T>(keys: Keys, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw keyed(error, keys)
  }
}

function keyed(error: unknown, keys: Keys): unknown {
  return keys.toReversed().reduce<unknown>((problem, key) => within(problem, key), error)
}
