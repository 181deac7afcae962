/**
 * @file Reads project files by a table of keys. Keys that are not in the table are refused by name, so that a typing
 * error in a file written by hand is reported and not ignored.
 */
import type { Preprocessing } from '../preprocessing/preprocessing.ts'
import { parseSample, type Sample } from '../images/selection.ts'
import { withSettings } from '../preprocessing/withSettings.ts'
import { isInputSize } from '../model/inputSize.ts'
import type { Pair } from '../model/network.ts'
import { likelyName } from '../nearestNames.ts'
import { maxK } from '../scan/topK.ts'
import { shownValue } from '../shownValue.ts'

export interface Project {
  readonly name: string | null
  /** The address of a model file, or of a TensorFlow.js model.json with its shards beside it. */
  readonly model: string
  /** Rows and columns of the input, for a model that leaves them open. */
  readonly inputSize: Pair | null
  /** The address of an archive or of an index. */
  readonly images: string
  readonly preprocessing: Preprocessing
  /** The classes whose images are scanned, and the splits; null means all. */
  readonly classes: readonly string[] | null
  readonly splits: readonly string[] | null
  readonly sample: Sample
  /** The layers to scan; null means the one that is shown. */
  readonly layers: readonly string[] | null
  /** The number of patches per channel; null keeps the user's. */
  readonly k: number | null
  /** Whether a scan starts as soon as the project is open. */
  readonly autorun: boolean
  /**
   * What follows the autorun by itself, unless the user does something else: `rest` scans the images that the sample has
   * left out.
   */
  readonly afterwards: 'rest' | null
}

interface Key<Value> {
  /** The allowed values, in words. */
  readonly allowed: string
  /** Reads a value of the file; undefined if it is not allowed. */
  read(value: unknown): Value | undefined
  /** The value if the key is missing. A key without this must be in the file. */
  readonly otherwise?: Value
}

/** The version of the format that is read here. */
const version = 1

const text: Pick<Key<string>, 'read'> = {
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
}

/** A key that holds a list of names, and is null if it is missing. */
function names(of: string): Key<readonly string[] | null> {
  return {
    allowed: `a list of names, such as ${of}`,
    read: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
        ? (value as readonly string[])
        : undefined,
    otherwise: null,
  }
}

const keys: { readonly [K in keyof Project]: Key<Project[K]> } = {
  name: { allowed: 'a text', ...text, otherwise: null },
  model: { allowed: 'the address of a model, such as "model.h5"', ...text },
  inputSize: {
    allowed: '[rows, columns]',
    read: (value) => (isInputSize(value) ? value : undefined),
    otherwise: null,
  },
  images: { allowed: 'the address of an index or archive, such as "images/index.tsv"', ...text },
  preprocessing: {
    allowed: 'an object of settings, such as {"scale": "0..1"}',
    // `withSettings` throws an error of its own if a setting is wrong.
    read: (value) => (isObject(value) ? withSettings(value) : undefined),
    otherwise: withSettings({}),
  },
  classes: names('["cat", "dog"]'),
  splits: names('["test"]'),
  sample: {
    allowed: 'a text as on the command line, such as "500" or "random:500"',
    read: (value) => (typeof value === 'string' ? parseSample(value) : undefined),
    otherwise: 'all',
  },
  layers: names('["conv2d_5"]'),
  k: {
    allowed: `a whole number from 1 to ${maxK}`,
    read: (value) =>
      Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxK ? Number(value) : undefined,
    otherwise: null,
  },
  autorun: {
    allowed: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
    otherwise: false,
  },
  afterwards: {
    allowed: '"rest"',
    read: (value) => (value === 'rest' ? value : undefined),
    otherwise: null,
  },
}

/** Keys that only say what kind of file this is. */
const marks = ['format', 'version']

/** Reads parsed JSON. Throws a plain Error with the reason as a clause, or `setting/unknown`. */
export function readProjectFile(json: unknown): Project {
  if (!isObject(json)) throw new Error('it holds no object {…}')
  checkMarks(json)
  for (const key of Object.keys(json))
    if (!Object.hasOwn(keys, key) && !marks.includes(key)) throw unknownKey(key)
  const values = Object.entries(keys).map(([key, { allowed, read, otherwise }]) => {
    const value = json[key]
    if (value === undefined && otherwise !== undefined) return [key, otherwise]
    if (value === undefined) throw new Error(`it has no "${key}", ${allowed}`)
    const accepted = read(value)
    if (accepted === undefined)
      throw new Error(`its "${key}" is ${shownValue(value)}; it has to be ${allowed}`)
    return [key, accepted]
  })
  return Object.fromEntries(values) as Project
}

function checkMarks({ format, version: of }: Readonly<Record<string, unknown>>): void {
  if (format !== undefined && format !== 'urpatch-project')
    throw new Error(`its "format" is ${shownValue(format)}; that of a project is "urpatch-project"`)
  if (of !== undefined && of !== version)
    throw new Error(`its "version" is ${shownValue(of)}; this Urpatch reads version ${version}`)
}

function unknownKey(key: string): Error {
  const likely = likelyName(key, Object.keys(keys))
  const meant = likely === null ? `it may have ${Object.keys(keys).join(', ')}` : `did you mean "${likely}"?`
  return new Error(`its key "${key}" does not exist (${meant})`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
