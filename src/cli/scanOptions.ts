/**
 * @file What a scan without a window was asked for: its options, checked, and those of an earlier scan that it is to be like. All
 * that can be known without the model and the images is checked here, before anything is opened.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Configuration } from '../automation/automation.ts'
import { type BackendChoice, backendChoices, referenceKernels } from '../core/backendNames.ts'
import { messageOf } from '../core/errors.ts'
import type { IndexSettings } from '../core/images/imageTable.ts'
import { parseSample, parseShard } from '../core/images/selection.ts'
import { looksLikeModel, looksLikePart } from '../core/model/formats.ts'
import { isInputSize, largestInput } from '../core/model/inputSize.ts'
import type { Pair } from '../core/model/network.ts'
import { withSettings } from '../core/preprocessing/withSettings.ts'
import { sampleText } from '../core/project/projectText.ts'
import { resultsFormat, resultsVersion } from '../core/results/readResults.ts'
import type { ResultsFile } from '../core/results/resultsFile.ts'
import { maxK } from '../core/scan/topK.ts'
import { exporterFor, exporters } from '../state/exports/index.ts'
import { type Calls, inClone } from './calls.ts'
import { checkOut, systemReasonOf, statsOf } from './outFile.mjs'

const defaultK = 16
/** Each has a network of its own in memory. */
const mostWorkers = 256
/** Scans go on from what it writes. */
const snapshotExporter = exporters.find(({ id }) => id === 'snapshot')!
const wholeScans = exporters.filter(({ isWhole }) => isWhole)

const usage = (
  calls: Calls,
): string => `${calls.scan}${calls.dashes} --model <file, model.json, zip or folder> --images <folder, zip, tar or dataset file> --out <file>
  --out may be given several times; the ending of the name says what is written:
${wholeScans.map(({ ending, label }) => `    ${ending.padEnd(20)} ${label}`).join('\n')}
    ${'any other'.padEnd(20)} ${exporterFor('').label}
  [--index <tsv/csv: a path, or a name inside the images; none: do not look for one>]
  [--class cat,dog] [--split train]  only images of these classes, of these splits
  [--sample 500 | random:500[:seed]] only the first ones, or random ones
  [--shard 3/20]                     of these only every 20th by path, from the 3rd on; ${calls.merge} joins the parts
  [--resume]                         goes on with what the snapshot (--out ….urpatch) holds already, if it is there
  [--save-every 60]                  seconds between two times that a snapshot is saved while the scan runs
  [--layers conv2d_5,… | all]        default: all
  [--channels 3,16]                  of these channels only, for figures (.svg, .pdf); all are scanned
  [--k ${defaultK}]                           patches a channel: 9, 16, 25, up to ${maxK}
  [--set preset=torch] [--set resize=nearest] [--set mean=0.5,0.5,0.5] …
                                     preprocessing; a wrong name or value lists those there are
  [--notes <notes file>]             names and notes that the results are to have
  [--like <results file>]            settings as in those results; what is given besides counts more
  [--input-size 224 | 224x160]       rows x columns, for a model that leaves them open
  [--backend ${backendChoices.join('|')}]
                                     webgpu is experimental; tfjs-wasm: ${referenceKernels}, the reference
  [--workers 4]                      on WASM, side by side; by default as many as there are cores`

export interface ScanOptions {
  readonly modelFiles: readonly string[]
  /** A folder or a file. */
  readonly images: string
  readonly isFolder: boolean
  readonly index: string | undefined
  /** That of the earlier scan. */
  readonly likeIndex: IndexSettings | null
  readonly layers: readonly string[] | 'all'
  readonly inputSize: Pair | null
  /** That of the earlier scan, for a model that leaves it open. */
  readonly likeSize: Pair | null
  readonly backend: BackendChoice
  /** At least one. */
  readonly outs: readonly string[]
  /** The one of these that is a snapshot, if there is one. */
  readonly snapshot: string | null
  /** The snapshot that the scan goes on with, if that is there already. */
  readonly resumed: string | null
  /** Seconds between two times that a snapshot is saved meanwhile. */
  readonly saveEvery: number
  /** As if the machine had so many cores; null: as many as it has. */
  readonly workers: number | null
  /** A file of names and notes. */
  readonly notes: string | null
  /** What figures show; null: all channels. */
  readonly channels: readonly number[] | null
  readonly configuration: Configuration
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      model: { type: 'string' },
      images: { type: 'string' },
      index: { type: 'string' },
      class: { type: 'string', multiple: true },
      split: { type: 'string', multiple: true },
      sample: { type: 'string' },
      shard: { type: 'string' },
      resume: { type: 'boolean', default: false },
      workers: { type: 'string' },
      'save-every': { type: 'string', default: '60' },
      layers: { type: 'string' },
      channels: { type: 'string' },
      k: { type: 'string' },
      like: { type: 'string' },
      notes: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      backend: { type: 'string', default: 'auto' },
      'input-size': { type: 'string' },
      out: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  }).values
}

/** Ends the process if help is asked for; throws a sentence if something is wrong. */
export function readOptions(
  args: readonly string[] = process.argv.slice(2),
  calls: Calls = inClone,
): ScanOptions {
  let values: ReturnType<typeof parse>
  try {
    values = parse(args)
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${usage(calls)}`, { cause: error })
  }
  if (values.help) {
    console.log(usage(calls))
    process.exit(0)
  }
  const { model, images } = values
  const outs = [...new Set(values.out)]
  if (!model || !images || outs.length === 0)
    throw new Error(`--model, --images and --out are needed.\n${usage(calls)}`)
  const modelFiles = filesOfModel(model)
  const isFolder = isFolderWithFiles(images)
  const like = values.like === undefined ? null : readLike(values.like)
  const k = values.k === undefined ? (like?.k ?? defaultK) : Number(values.k)
  if (!Number.isInteger(k) || k < 1 || k > maxK)
    throw new Error(`--k is a whole number from 1 to ${maxK}, not ${values.k ?? k}.`)
  const backend = backendChoices.find((name) => name === values.backend)
  if (backend === undefined)
    throw new Error(
      `--backend is ${backendChoices.slice(0, -1).join(', ')} or ${backendChoices.at(-1)}, not ${values.backend}.`,
    )
  const set = readSettings(values.set)
  // A preset is a whole: it counts more than all that it is to be like.
  const settings = 'preset' in set ? set : { ...like?.settings, ...set }
  withSettings(settings)
  const sample = values.sample ?? like?.sample ?? 'all'
  parseSample(sample)
  const { shard = null } = values
  if (shard !== null) parseShard(shard)
  const saveEvery = Number(values['save-every'])
  if (!(saveEvery > 0) || values['save-every'].trim() === '')
    throw new Error(`--save-every is a number of seconds above 0, not ${values['save-every']}.`)
  const snapshot = outs.find((out) => exporterFor(out) === snapshotExporter) ?? null
  const workers = values.workers === undefined ? null : Number(values.workers)
  if (workers !== null && !(Number.isInteger(workers) && workers >= 1 && workers <= mostWorkers))
    throw new Error(`--workers is a whole number from 1 to ${mostWorkers}, not ${values.workers}.`)
  if (values.resume && !snapshot)
    throw new Error(
      `--resume goes on with a snapshot, so one of --out has to end in ${snapshotExporter.ending}.`,
    )
  const inputSize = readInputSize(values['input-size'])
  const layers = values.layers === undefined ? (like?.layers ?? 'all') : readLayers(values.layers)
  const classes = namesOf('class', values.class) ?? like?.classes ?? null
  const splits = namesOf('split', values.split) ?? like?.splits ?? null
  checkIndex(values.index, images, isFolder)
  if (values.notes !== undefined) checkNotes(values.notes)
  for (const out of outs) checkOut(out)
  return {
    modelFiles,
    images,
    isFolder,
    outs,
    backend,
    index: values.index,
    likeIndex: like?.index ?? null,
    layers,
    inputSize,
    notes: values.notes ?? null,
    channels: values.channels === undefined ? null : readChannels(values.channels, outs),
    likeSize: like?.inputSize ?? null,
    configuration: { settings, k, classes, splits, sample, shard },
    snapshot,
    resumed: values.resume && snapshot !== null && existsSync(snapshot) ? snapshot : null,
    saveEvery,
    workers,
  }
}

function isFolderWithFiles(images: string): boolean {
  const stats = statsOf(images)
  if (!stats) throw new Error(`There is no image folder or file ${images}.`)
  if (!stats.isDirectory()) {
    checkReadable('--images', images)
    return false
  }
  if (readdirSync(images).length === 0) throw new Error(`The image folder ${images} is empty.`)
  return true
}

/** What is wrong within the file, the page says. */
function checkNotes(file: string): void {
  const stats = statsOf(file)
  if (!stats) throw new Error(`There is no notes file ${file}.`)
  if (stats.isDirectory()) throw new Error(`--notes is a notes file, and ${file} is a folder.`)
  checkReadable('--notes', file)
}

function checkReadable(option: string, file: string): void {
  try {
    accessSync(file, constants.R_OK)
  } catch (error) {
    throw new Error(`${option} ${file} cannot be read (${systemReasonOf(error)}).`, { cause: error })
  }
}

/** Whether an archive holds an index of that name is seen when it is open. */
function checkIndex(index: string | undefined, images: string, isFolder: boolean): void {
  if (index === undefined || index === 'none') return
  const places = isFolder ? [path.join(images, index), index] : [index]
  const found = index === '' ? undefined : places.find((place) => existsSync(place))
  if (found === undefined && (isFolder || index === ''))
    throw new Error(`There is no index file ${index}, neither as a path nor inside ${images}.`)
  if (found === undefined) return
  if (statsOf(found)?.isDirectory()) throw new Error(`--index is a file, and ${found} is a folder.`)
  checkReadable('--index', found)
}

/** From texts such as `name=value`, the values by name. */
function readSettings(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value] = text.split(/=(.*)/s)
      if (value === undefined) throw new Error(`--set takes name=value, not ${text}.`)
      return [name, value]
    }),
  )
}

function readLayers(text: string): readonly string[] | 'all' {
  if (text === 'all') return 'all'
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new Error(`--layers is all, or names with commas between, not “${text}”.`)
  return names
}

function readChannels(text: string, outs: readonly string[]): readonly number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0))
    throw new Error(`--channels are whole numbers from 0 on, with commas between, not “${text}”.`)
  if (!outs.some((out) => exporterFor(out).isFigure))
    throw new Error('--channels is for figures, so one of --out has to end in .svg or .pdf.')
  return numbers
}

/** An option may be given several times, or hold several names with commas between. */
function namesOf(option: string, texts: readonly string[] | undefined): string[] | null {
  const names = texts?.flatMap((text) => text.split(',')).map((name) => name.trim()) ?? null
  if (names?.includes(''))
    throw new Error(`--${option} is a name, or names with commas between, not “${texts}”.`)
  return names
}

/** What a results file says of how it was made. */
function readLike(file: string) {
  const stats = statsOf(file)
  if (!stats) throw new Error(`There is no results file ${file}.`)
  if (stats.isDirectory()) throw new Error(`--like is a results file, and ${file} is a folder.`)
  checkReadable('--like', file)
  let parsed: unknown
  try {
    parsed = readJson(file)
  } catch (error) {
    throw new Error(`${file} is not valid JSON (${messageOf(error)}).`, { cause: error })
  }
  const { images, layers, model, preprocessing, k } = asResults(parsed, file)
  const [rows, columns] = model.inputShape as [number, number]
  return {
    settings: preprocessing,
    k,
    layers: layers.map(({ name }) => name),
    inputSize: [rows, columns] as const,
    index: images.index ?? null,
    classes: images.selection?.classes ?? null,
    splits: images.selection?.splits ?? null,
    sample: sampleText(layers[0]?.sample ?? 'all'),
  }
}

/** A byte order mark may come first. */
function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
}

/** Checks as much of a results file as is needed here. */
function asResults(parsed: unknown, file: string): ResultsFile {
  const { format, version, model, images, preprocessing, k, layers } = recordOf(parsed)
  if (format !== resultsFormat) throw new Error(`${file} is no results file of Urpatch.`)
  if (Number(version) > resultsVersion)
    throw new Error(`${file} is of version ${version}, and this Urpatch reads version ${resultsVersion}.`)
  const isName = (layer: unknown): boolean => typeof recordOf(layer)['name'] === 'string'
  const size = recordOf(model)['inputShape']
  const has = {
    'model.inputShape': Array.isArray(size) && size.length >= 2 && size.slice(0, 2).every(Number.isInteger),
    images: isRecord(images),
    preprocessing: isRecord(preprocessing),
    k: Number.isInteger(k),
    layers: Array.isArray(layers) && layers.length > 0 && layers.every(isName),
  }
  const lacking = Object.entries(has).find(([, there]) => !there)
  if (lacking)
    throw new Error(`${file} is no whole results file of Urpatch: its ${lacking[0]} is missing or wrong.`)
  return parsed as ResultsFile
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Empty if it is none. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

/**
 * The file, or all files of the folder; with a model.json the shards that it names, and what names the classes; with an ONNX
 * file those beside it that may hold its weights.
 */
function filesOfModel(model: string): string[] {
  const stats = statsOf(model)
  if (!stats) throw new Error(`There is no model file or folder ${model}.`)
  if (stats.isDirectory()) {
    const files = readdirSync(model, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
    if (files.length === 0) throw new Error(`The model folder ${model} is empty.`)
    return files
  }
  checkReadable('--model', model)
  if (/\.onnx$/i.test(model)) return [model, ...partsBeside(model)]
  if (!/\.json$/i.test(model)) return [model]
  const beside = ['metadata.json', ...shardsOf(model)].map((name) => path.join(path.dirname(model), name))
  return [...new Set([model, ...beside.filter((file) => existsSync(file))])]
}

/** Only the file itself knows which it needs; what is not needed is not read. */
function partsBeside(model: string): string[] {
  const folder = path.dirname(model)
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && looksLikePart(entry.name) && !looksLikeModel(entry.name))
    .map((entry) => path.join(folder, entry.name))
}

function shardsOf(model: string): string[] {
  try {
    const { weightsManifest } = readJson(model) as { weightsManifest: { paths: string[] }[] }
    return weightsManifest.flatMap(({ paths }) => paths).map((name) => path.basename(name))
  } catch {
    // The page says what is wrong with the file.
    return []
  }
}

function readInputSize(text: string | undefined): Pair | null {
  if (text === undefined) return null
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text)
  const size = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
  if (isInputSize(size)) return size
  throw new Error(`--input-size is 224 or 224x160 (rows x columns, up to ${largestInput}), not ${text}.`)
}
