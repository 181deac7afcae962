/** @file What `npm run scan` was asked for: its options, checked, and those of an earlier scan that it is to be like. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { checkOut, reasonOf, statsOf } from './outFile.mjs'

const usage = `npm run scan -- --model <file, model.json, zip or folder> --images <folder, zip, tar or dataset file> --out <results file>
  [--index <tsv/csv: a path, or a name inside the images; none: do not look for one>]
  [--class cat,dog] [--split train]  only images of these classes, of these splits
  [--sample 500 | random:500[:seed]] only the first ones, or random ones
  [--layers conv2d_5,… | all]        default: all
  [--k 16]                           patches a channel: 9, 16, 25, up to 255
  [--set preset=torch] [--set resize=nearest] [--set mean=0.5,0.5,0.5] …
                                     preprocessing; a wrong name or value lists those there are
  [--like <results file>]            settings as in those results; what is given besides counts more
  [--input-size 224 | 224x160]       rows x columns, for a model that leaves them open
  [--backend auto|webgl|wasm|webgpu]  webgpu is experimental`

/** As in core/model/inputSize.ts. */
const largestInput = 4096

/**
 * @typedef {object} ScanOptions
 * @property {readonly string[]} modelFiles
 * @property {string} images a folder or a file
 * @property {boolean} isFolder
 * @property {string | undefined} index
 * @property {import('../core/images/imageTable.ts').IndexSettings | null} likeIndex of the earlier scan
 * @property {readonly string[] | 'all'} layers
 * @property {[number, number] | null} inputSize
 * @property {[number, number] | null} likeSize of the earlier scan, for a model that leaves it open
 * @property {'auto' | 'webgl' | 'wasm' | 'webgpu'} backend
 * @property {string} out
 * @property {import('../automation/automation.ts').Configuration} configuration
 */

/**
 * Ends the process where help is asked for; throws a sentence where something is wrong. All that can be known without
 * the model and the images is looked at here; settings are looked at by the page, before it opens anything.
 * @param {readonly string[]} [args]
 * @returns {ScanOptions}
 */
export function readOptions(args = process.argv.slice(2)) {
  /** @type {ReturnType<typeof parse>} */
  let values
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        images: { type: 'string' },
        index: { type: 'string' },
        class: { type: 'string', multiple: true },
        split: { type: 'string', multiple: true },
        sample: { type: 'string' },
        layers: { type: 'string' },
        k: { type: 'string' },
        like: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        backend: { type: 'string', default: 'auto' },
        'input-size': { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  try {
    values = parse()
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`, { cause: error })
  }
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  const { model, images, out } = values
  if (!model || !images || !out) throw new Error(`--model, --images and --out are needed.\n${usage}`)
  const modelFiles = filesOfModel(model)
  const isFolder = isFolderWithFiles(images)
  const like = values.like === undefined ? null : readLike(values.like)
  const k = values.k === undefined ? (like?.k ?? 16) : Number(values.k)
  if (!Number.isInteger(k) || k < 1 || k > 255)
    throw new Error(`--k is a whole number from 1 to 255, not ${values.k ?? k}.`)
  const { backend } = values
  if (backend !== 'auto' && backend !== 'webgl' && backend !== 'wasm' && backend !== 'webgpu')
    throw new Error(`--backend is auto, webgl, wasm or webgpu, not ${backend}.`)
  const set = readSettings(values.set)
  const inputSize = readInputSize(values['input-size'])
  const layers = values.layers === undefined ? (like?.layers ?? 'all') : readLayers(values.layers)
  const classes = namesOf('class', values.class) ?? like?.classes ?? null
  const splits = namesOf('split', values.split) ?? like?.splits ?? null
  checkIndex(values.index, images, isFolder)
  checkOut(out)
  return {
    modelFiles,
    images,
    isFolder,
    out,
    backend,
    index: values.index,
    likeIndex: like?.index ?? null,
    layers,
    inputSize,
    likeSize: like?.inputSize ?? null,
    configuration: {
      // A preset is a whole: it counts more than all that it is to be like.
      settings: 'preset' in set ? set : { ...like?.settings, ...set },
      k,
      classes,
      splits,
      sample: values.sample ?? like?.sample ?? 'all',
    },
  }
}

/** @param {string} images */
function isFolderWithFiles(images) {
  const stats = statsOf(images)
  if (!stats) throw new Error(`There is no image folder or file ${images}.`)
  if (!stats.isDirectory()) {
    checkReadable('--images', images)
    return false
  }
  if (readdirSync(images).length === 0) throw new Error(`The image folder ${images} is empty.`)
  return true
}

/**
 * @param {string} option
 * @param {string} file
 */
function checkReadable(option, file) {
  try {
    accessSync(file, constants.R_OK)
  } catch (error) {
    throw new Error(`${option} ${file} cannot be read (${reasonOf(error)}).`, { cause: error })
  }
}

/**
 * Whether one of that name lies in an archive is seen when it is open.
 * @param {string | undefined} index
 * @param {string} images
 * @param {boolean} isFolder
 */
function checkIndex(index, images, isFolder) {
  if (index === undefined || index === 'none') return
  const places = isFolder ? [path.join(images, index), index] : [index]
  const found = index === '' ? undefined : places.find((place) => existsSync(place))
  if (found === undefined && (isFolder || index === ''))
    throw new Error(`There is no index file ${index}, neither as a path nor inside ${images}.`)
  if (found === undefined) return
  if (statsOf(found)?.isDirectory()) throw new Error(`--index is a file, and ${found} is a folder.`)
  checkReadable('--index', found)
}

/**
 * By name, from `name=value`.
 * @param {readonly string[]} texts
 * @returns {Record<string, string>}
 */
function readSettings(texts) {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value] = text.split(/=(.*)/s)
      if (value === undefined) throw new Error(`--set takes name=value, not ${text}.`)
      return [name, value]
    }),
  )
}

/** @param {string} text */
function readLayers(text) {
  if (text === 'all') return 'all'
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new Error(`--layers is all, or names with commas between, not “${text}”.`)
  return names
}

/**
 * Each option may be given several times, or hold several names with commas between.
 * @param {string} option
 * @param {readonly string[] | undefined} texts
 */
function namesOf(option, texts) {
  const names = texts?.flatMap((text) => text.split(',')).map((name) => name.trim()) ?? null
  if (names?.includes(''))
    throw new Error(`--${option} is a name, or names with commas between, not “${texts}”.`)
  return names
}

/**
 * What a results file says of how it was made.
 * @param {string} file
 */
function readLike(file) {
  const stats = statsOf(file)
  if (!stats) throw new Error(`There is no results file ${file}.`)
  if (stats.isDirectory()) throw new Error(`--like is a results file, and ${file} is a folder.`)
  checkReadable('--like', file)
  /** @type {unknown} */
  let parsed
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Error(`${file} is not valid JSON (${error instanceof Error ? error.message : error}).`, {
      cause: error,
    })
  }
  const results = asResults(parsed, file)
  const { images, layers, model } = results
  const [rows, columns] = /** @type {[number, number]} */ (model.inputShape)
  return {
    settings: results.preprocessing,
    k: results.k,
    layers: layers.map(({ name }) => name),
    inputSize: /** @type {[number, number]} */ ([rows, columns]),
    index: images.index ?? null,
    classes: images.selection?.classes ?? null,
    splits: images.selection?.splits ?? null,
    sample: sampleText(layers[0]?.sample),
  }
}

/**
 * As far as it is needed here.
 * @param {any} parsed
 * @param {string} file
 * @returns {import('../core/results/resultsFile.ts').ResultsFile}
 */
function asResults(parsed, file) {
  if (parsed?.format !== 'urpatch-results') throw new Error(`${file} is no results file of Urpatch.`)
  if (Number(parsed.version) > 1)
    throw new Error(`${file} is of version ${parsed.version}, and this Urpatch reads version 1.`)
  const isName = (/** @type {any} */ layer) => typeof layer?.name === 'string'
  const size = parsed.model?.inputShape
  const has = {
    'model.inputShape': Array.isArray(size) && size.length >= 2 && size.slice(0, 2).every(Number.isInteger),
    images: isRecord(parsed.images),
    preprocessing: isRecord(parsed.preprocessing),
    k: Number.isInteger(parsed.k),
    layers: Array.isArray(parsed.layers) && parsed.layers.length > 0 && parsed.layers.every(isName),
  }
  const lacking = Object.entries(has).find(([, there]) => !there)
  if (lacking)
    throw new Error(`${file} is no whole results file of Urpatch: its ${lacking[0]} is missing or wrong.`)
  return parsed
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param {import('../core/results/resultsFile.ts').LayerRecord['sample']} sample */
function sampleText(sample) {
  if (!sample) return 'all'
  return 'first' in sample ? String(sample.first) : `random:${sample.random}:${sample.seed}`
}

/**
 * The file, or all files of the folder; with a model.json the shards that it names, and what names the classes.
 * @param {string} model
 */
function filesOfModel(model) {
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
  if (!/\.json$/i.test(model)) return [model]
  const beside = ['metadata.json', ...shardsOf(model)].map((name) => path.join(path.dirname(model), name))
  return [...new Set([model, ...beside.filter((file) => existsSync(file))])]
}

/** @param {string} model */
function shardsOf(model) {
  try {
    /** @type {{ weightsManifest: { paths: string[] }[] }} */
    const { weightsManifest } = JSON.parse(readFileSync(model, 'utf8').replace(/^\uFEFF/, ''))
    return weightsManifest.flatMap(({ paths }) => paths).map((name) => path.basename(name))
  } catch {
    // What is wrong with the file the page tells.
    return []
  }
}

/**
 * @param {string | undefined} text
 * @returns {[number, number] | null}
 */
function readInputSize(text) {
  if (text === undefined) return null
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text)
  const size = /** @type {[number, number]} */ ([Number(match?.[1]), Number(match?.[2] ?? match?.[1])])
  if (!size.every((pixels) => pixels >= 1 && pixels <= largestInput))
    throw new Error(`--input-size is 224 or 224x160 (rows x columns, up to ${largestInput}), not ${text}.`)
  return size
}
