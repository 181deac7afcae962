/**
 * @file Weights of TensorFlow.js models: a manifest of groups, each with its arrays one after the other in some shard
 * files (tfjs-core/src/io/io_utils.ts, decodeWeights). Shards are looked for among the dropped files only, by their
 * base names: no path of a manifest is followed.
 */
import { baseName } from '../../../core/paths.ts'
import { AppError, appError, messageOf } from '../../../core/errors.ts'
import { list, object } from '../../../core/model/readJson.ts'
import { elementCount, type Shape } from '../../../core/model/network.ts'
import { shownValue } from '../../../core/shownValue.ts'
import { floatsOfHalves, readBytes } from './bytes.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'
import type { StoredArray } from './storedWeights.ts'

const bytesOf: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
}

/** What the manifest says of an array. */
interface ArraySpec {
  readonly name: string
  readonly shape: Shape
  readonly dtype: string
  /** The type in the file, if it is another, and how the numbers of the array come from it: scale and offset. */
  readonly quantization: { readonly dtype: string; readonly scale: number; readonly min: number } | null
}

/**
 * Arrays by name. `manifest` is the `weightsManifest` of `model`, the JSON file, whose neighbours are looked at first.
 * Throws `model/shard-missing`, `model/shard-size` and `model/bad-config`.
 */
export async function readManifest(
  manifest: unknown,
  files: ModelFiles,
  model: Candidate,
): Promise<ReadonlyMap<string, StoredArray>> {
  try {
    const arrays: StoredArray[] = []
    for (const entry of list(manifest, 'it has no weightsManifest')) {
      const group = object(entry, 'a group of weights is not an object')
      const paths = list(group['paths'], 'a group of weights names no shards')
      if (!paths.every((path) => typeof path === 'string'))
        throw new Error(`a group of weights names ${shownValue(paths)} as its shards`)
      const specs = list(group['weights'], 'a group of weights lists no arrays').map(readSpec)
      arrays.push(...(await readGroup(specs, paths, files, model)))
    }
    return new Map(arrays.map((array) => [array.name, array]))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw appError('model/bad-config', { file: model.label, reason: messageOf(error) })
  }
}

function readSpec(value: unknown): ArraySpec {
  const spec = object(value, 'an array of its weights is described by no object')
  const { name, dtype, quantization = null } = spec
  if (typeof name !== 'string') throw new Error('an array of its weights has no name')
  const shape = list(spec['shape'], `the array ${name} has no shape`)
  if (!shape.every((length) => Number.isSafeInteger(length) && (length as number) >= 0))
    throw new Error(`the array ${name} has shape ${shownValue(shape)}, which is no list of whole numbers`)
  if (typeof dtype !== 'string') throw new Error(`the array ${name} has no type`)
  return {
    name,
    shape: shape as readonly number[],
    dtype,
    quantization: quantization === null ? null : readQuantization(quantization, name),
  }
}

function readQuantization(value: unknown, name: string): ArraySpec['quantization'] {
  const { dtype, scale = 1, min = 0 } = object(value, `the quantization of the array ${name} is no object`)
  if (typeof dtype !== 'string') throw new Error(`the quantization of the array ${name} names no type`)
  if (!isNumber(scale) || !isNumber(min))
    throw new Error(`the quantization of the array ${name} has no numbers`)
  return { dtype, scale, min }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

async function readGroup(
  specs: readonly ArraySpec[],
  paths: readonly string[],
  files: ModelFiles,
  model: Candidate,
): Promise<StoredArray[]> {
  const found = paths.map((path) => findShard(path, files, model))
  const shards = await Promise.all(found.map((shard) => shard.content()))
  // A blob of blobs copies nothing.
  const bytes = new Blob(shards)
  let offset = 0
  const arrays = specs.map((spec) => {
    const length = byteLength(spec, bytes, offset)
    const array = storedArray(spec, bytes.slice(offset, offset + length))
    offset += length
    return array
  })
  if (bytes.size !== offset) throw wrongSize(paths, shards, offset, model.label)
  return arrays
}

/** The shard of this name, beside the model if possible; capitals and a lost or added `.bin` do not matter. */
function findShard(path: string, files: ModelFiles, model: Candidate): Candidate {
  const key = (name: string): string =>
    baseName(name.replaceAll('\\', '/'))
      .toLowerCase()
      .replace(/\.bin$/, '')
  const wanted = key(path.replace(/[?#].*$/, ''))
  const found = files.filter((file) => file !== model && key(file.path) === wanted)
  const neighbour = found.find((file) => folderOf(file.path) === folderOf(model.path))
  const shard = neighbour ?? found[0]
  if (!shard) throw appError('model/shard-missing', { file: model.label, shard: path })
  return shard
}

/** All shards but the last have the same size: one that differs has lost something. */
function wrongSize(paths: readonly string[], shards: readonly Blob[], expected: number, file: string): Error {
  const sizes = shards.map((shard) => shard.size)
  const usual = Math.max(...sizes.slice(0, -1))
  const odd = sizes.findIndex((bytes, i) => i < sizes.length - 1 && bytes !== usual)
  const at = odd === -1 ? sizes.length - 1 : odd
  const others = sizes.reduce((sum, bytes, i) => (i === at ? sum : sum + bytes), 0)
  return appError('model/shard-size', {
    file,
    shard: paths[at] ?? 'weights.bin',
    expected: expected - others,
    found: sizes[at] ?? 0,
  })
}

function byteLength(spec: ArraySpec, bytes: Blob, offset: number): number {
  const { name, shape } = spec
  const type = storageType(spec)
  if (type === 'string') {
    try {
      return textBytes(elementCount(shape), bytes.slice(offset))
    } catch (error) {
      throw new Error(`the array ${name} ${messageOf(error)}`, { cause: error })
    }
  }
  const each = Object.hasOwn(bytesOf, type) ? bytesOf[type] : undefined
  if (each === undefined) throw new Error(`the array ${name} has the unknown type ${type}`)
  return each * elementCount(shape)
}

/** As many bytes of texts are looked at together, as each look takes long. */
const windowBytes = 2 ** 20

/** The length of `count` texts, each of which begins with its own length. Throws a plain Error, a clause. */
function textBytes(count: number, bytes: Blob): number {
  const beyond = `says that it has ${count.toLocaleString('en')} texts, and the shards end before that`
  if (count * 4 > bytes.size) throw new Error(beyond)
  let [end, from] = [0, 0]
  let window = new DataView(new ArrayBuffer(0))
  for (let i = 0; i < count; i++) {
    if (end + 4 > from + window.byteLength) {
      from = end
      window = new DataView(readBytes(bytes.slice(from, from + windowBytes)))
    }
    if (end + 4 > bytes.size) throw new Error(beyond)
    end += 4 + window.getUint32(end - from, true)
  }
  return end
}

function storedArray(spec: ArraySpec, bytes: Blob): StoredArray {
  return {
    name: spec.name,
    shape: spec.shape,
    type: storageType(spec),
    floats: () => decode(spec, readBytes(bytes)),
  }
}

function decode(spec: ArraySpec, buffer: ArrayBuffer): Float32Array | null {
  const type = storageType(spec)
  if (type === 'float16') return floatsOfHalves(new Uint16Array(buffer))
  if (type === 'float32') return new Float32Array(buffer)
  if (type === 'uint8' || type === 'uint16') {
    const values = type === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer)
    const { scale, min } = spec.quantization ?? { scale: 1, min: 0 }
    const exact = Float32Array.from(values, (value) => value * scale + min)
    return spec.dtype === 'int32' ? exact.map(Math.round) : exact
  }
  if (type === 'int32') return Float32Array.from(new Int32Array(buffer))
  return type === 'bool' ? Float32Array.from(new Uint8Array(buffer)) : null
}

function storageType({ dtype, quantization }: ArraySpec): string {
  return quantization?.dtype ?? dtype
}
