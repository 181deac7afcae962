/**
 * @file Reads a results file, `*.urpatch.json`, piece by piece in little memory, and checks it key by key. Whatever is wrong
 * with it is reported in one sentence that names the file and the key.
 */
import { AppError, appError, messageOf } from '../errors.ts'
import { notebookPreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts'
import type { Sample, Selection } from '../images/selection.ts'
import { preprocessingSettings } from '../preprocessing/settings.ts'
import { withSettings } from '../preprocessing/withSettings.ts'
import { maxK } from '../scan/topK.ts'
import { channelFields } from './channelFields.ts'
import { classesByDirectory } from './classesByDirectory.ts'
import { LayerGatherer } from './columns.ts'
import {
  count,
  exactly,
  FieldProblem,
  flag,
  list,
  object,
  optional,
  plain,
  type Reader,
  text,
  whole,
  within,
  wholes,
} from '../fields.ts'
import { parseJson } from '../parseJson.ts'
import type { LayerLosses } from '../reasons/lossRanking.ts'
import { lossReader } from '../reasons/lossRecord.ts'
import { JsonCutter } from './jsonCutter.ts'
import type { RecordedLayer, RecordedResults } from './recordedFile.ts'

export const resultsFormat = 'urpatch-results'
/** The newest version that is read. */
export const resultsVersion = 1

const side = whole(1, 2 ** 24)
/** Height and width, and 1, 3 or 4 channels; or rows, columns and channels; or channels. */
export const shapeFields: Reader<number[]> = (value) => {
  const read = list(side)(value)
  if (read.length === 0) throw new FieldProblem('is empty')
  return read
}
export const inputShapeFields: Reader<[number, number, number]> = (value) => {
  const [rows, columns, channels] = wholes(3, 1)(value) as [number, number, number]
  return [rows, columns, channels]
}

export const sampleFields: Reader<Sample> = (value) => {
  const { first, random, seed } = object({
    first: optional(whole(1)),
    random: optional(whole(1)),
    seed: optional(whole(0)),
  })(value)
  if (first !== undefined) return { first }
  if (random !== undefined) return { random, seed: seed ?? 1 }
  throw new FieldProblem('is neither "first" nor "random"')
}

/** Settings of a later version are ignored; those that are not there are as the notebook's. */
export const preprocessingFields: Reader<Preprocessing> = (value) => {
  const known = Object.entries(plain(value)).filter(([name]) => Object.hasOwn(preprocessingSettings, name))
  for (const [name, setting] of known) {
    try {
      withSettings({ [name]: setting })
    } catch (error) {
      throw new FieldProblem(`is not one there is: ${messageOf(error)}`).within(name)
    }
  }
  return known.length === 0 ? notebookPreprocessing : withSettings(Object.fromEntries(known))
}

const names = list(text)

const selectionFields = object({ classes: optional(names), splits: optional(names) })

/** The file has it only if not all images were to be scanned. */
const selection: Reader<Pick<Selection, 'classes' | 'splits'>> = (value) => {
  const { classes = null, splits = null } = value === undefined ? {} : selectionFields(value)
  return { classes, splits }
}

const headFields = object({
  model: object({ name: text, sha256: text, inputShape: inputShapeFields }),
  images: object({
    name: text,
    count,
    scanned: count,
    fingerprint: text,
    selection,
    skipped: list(object({ path: text, reason: text })),
  }),
  preprocessing: preprocessingFields,
  k: whole(1, maxK),
})

const layerFields = object({
  name: text,
  shape: shapeFields,
  globalContext: optional(flag),
  scanned: optional(count),
  sample: optional(sampleFields),
  ablation: optional((value: unknown) => value),
  channels: list((value: unknown) => value),
})

/** Numbers names in the order in which they first come. */
class Names {
  readonly #numbers = new Map<string, number>()

  readonly numberOf = (name: string): number => {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#numbers.size)
    return this.#numbers.size - 1
  }

  /** The names sorted by code unit, and the new number of each. */
  sorted(): { names: string[]; ranks: Int32Array } {
    const sorted = [...this.#numbers.keys()].toSorted()
    const ranks = new Int32Array(sorted.length)
    for (const [rank, name] of sorted.entries()) ranks[this.#numbers.get(name)!] = rank
    return { names: sorted, ranks }
  }
}

/** Space, line breaks, and the bytes of the mark that says UTF-8. */
const blanks: readonly number[] = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]

export class ResultsReader {
  readonly #file: string
  readonly #decode: (bytes: Uint8Array) => string
  readonly #cutter = new JsonCutter(({ layer, channel, bytes }) => this.#takeChannel(layer, channel, bytes))
  readonly #paths = new Names()
  readonly #classes = new Names()
  readonly #names = { imageOf: this.#paths.numberOf, classOf: this.#classes.numberOf }
  /** Whether the file is an object; null until there is something but blanks. */
  #isObject: boolean | null = null
  /** By the layer's index in the file. */
  readonly #gatherers: LayerGatherer[] = []
  /** The first problem. It is reported at the end, as a newer version may well look broken. */
  #problem: unknown = null

  /** `decode` makes text of UTF-8 and throws if it is none. */
  constructor(file: string, decode: (bytes: Uint8Array) => string) {
    this.#file = file
    this.#decode = decode
  }

  push(chunk: Uint8Array): void {
    // The first byte that is no blank, and no mark of the encoding.
    this.#isObject ??= startOf(chunk)
    this.#cutter.push(chunk)
  }

  /** Throws `results/…`. */
  end(): RecordedResults {
    const file = this.#file
    if (!this.#isObject) throw this.#told(new FieldProblem('is no JSON object'))
    if (!this.#cutter.isWhole) throw appError('results/truncated', { file, bytes: this.#cutter.bytes })
    try {
      return this.#read(plain(this.#parse(this.#cutter.rest())))
    } catch (error) {
      throw this.#told(error)
    }
  }

  #takeChannel(layer: number, channel: number, bytes: Uint8Array): void {
    if (this.#problem !== null) return
    try {
      const gatherer = (this.#gatherers[layer] ??= new LayerGatherer(this.#names))
      // A channel that is no object was not cut out: it is reported at the end.
      if (gatherer.channels !== channel) return
      const fields = channelFields(this.#parse(bytes))
      if (fields.channel !== channel)
        throw new FieldProblem(`is ${fields.channel}, not ${channel}`).within('channel')
      gatherer.add(fields)
    } catch (error) {
      this.#problem = within(within(within(within(error, channel), 'channels'), layer), 'layers')
    }
  }

  #parse(bytes: Uint8Array): unknown {
    let json: string
    try {
      json = this.#decode(bytes)
    } catch {
      throw new FieldProblem('is no text in UTF-8')
    }
    try {
      return parseJson(json)
    } catch (error) {
      throw new FieldProblem(`is not valid JSON (${messageOf(error)})`)
    }
  }

  #read(rest: Readonly<Record<string, unknown>>): RecordedResults {
    const { version } = object({ format: exactly(resultsFormat), version: whole(1) })(rest)
    if (version > resultsVersion)
      throw appError('results/version', { file: this.#file, version, known: resultsVersion })
    if (this.#problem !== null) throw this.#problem
    if (this.#cutter.repeated !== null) throw new FieldProblem('is there twice').within(this.#cutter.repeated)
    const head = headFields(rest)
    const paths = this.#paths.sorted()
    const classes = this.#classes.sorted()
    const seen = new Set<string>()
    const readLayers = list((value) => {
      const read = layerFields(value)
      if (seen.has(read.name))
        throw new FieldProblem(`is "${read.name}", which is there already`).within('name')
      seen.add(read.name)
      return read
    })
    const { layers } = object({ layers: readLayers })(rest)
    const read = {
      paths: paths.names,
      classNames: classes.names,
      layers: layers.map((layer, i) => {
        try {
          return this.#layerOf(layer, i, head, { paths: paths.ranks, classes: classes.ranks })
        } catch (error) {
          throw within(within(error, i), 'layers')
        }
      }),
    }
    return {
      ...head,
      ...read,
      classOf: classesByDirectory(read),
      name: this.#file,
      head: Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'layers')),
    }
  }

  #layerOf(
    {
      name,
      shape: ofLayer,
      globalContext,
      scanned,
      sample: ofSample,
      ablation,
      channels,
    }: ReturnType<typeof layerFields>,
    at: number,
    { images }: ReturnType<typeof headFields>,
    ranks: { readonly paths: Int32Array; readonly classes: Int32Array },
  ): RecordedLayer {
    const gatherer = this.#gatherers[at] ?? new LayerGatherer(this.#names)
    const read = gatherer.channels
    if (read !== channels.length) throw new FieldProblem('is no object').within(read).within('channels')
    if (read !== ofLayer.at(-1))
      throw new FieldProblem(
        `has ${read.toLocaleString('en')} channels, but its shape says ${ofLayer.at(-1)!.toLocaleString('en')}`,
      )
    const columns = gatherer.columns({ shape: ofLayer, ranks })
    return {
      name,
      shape: ofLayer,
      globalContext: globalContext ?? false,
      scanned: scanned ?? images.scanned,
      sample: ofSample ?? 'all',
      range: this.#cutter.ranges[at]!,
      columns,
      ...(ablation === undefined ? {} : { losses: lossesOf(ablation, read) }),
    }
  }

  /** The problem as an error with a sentence. */
  #told(error: unknown): unknown {
    if (error instanceof AppError) return error
    if (!(error instanceof FieldProblem)) return error
    const { key, problem } = error
    return appError('results/invalid', {
      file: this.#file,
      problem: key ? `${key} ${problem}` : `it ${problem}`,
    })
  }
}

function lossesOf(ablation: unknown, channels: number): LayerLosses {
  try {
    return lossReader(channels)(ablation)
  } catch (error) {
    throw within(error, 'ablation')
  }
}

function startOf(chunk: Uint8Array): boolean | null {
  const first = chunk.find((byte) => !blanks.includes(byte))
  return first === undefined ? null : first === 0x7b
}
