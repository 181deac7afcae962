/**
 * @file ONNX models: one file, and for larger ones a second with the weights. Files that a model names are looked for among the
 * dropped ones only, by their base names: no path of a file is followed.
 */
import { AppError, appError, messageOf } from '../../../core/errors.ts'
import { labelsOf, makerOf } from '../../../core/model/onnx/metadata.ts'
import { type OnnxModel, readModel } from '../../../core/model/onnx/modelProto.ts'
import { onnxNetwork } from '../../../core/model/onnx/onnxNetwork.ts'
import { BrokenFile, type ByteSource, CutOff } from '../../../core/model/onnx/wire.ts'
import { baseName } from '../../../core/paths.ts'
import { beginsAs } from '../../../core/signatures.ts'
import { readBytes } from './bytes.ts'
import type { ModelFormat, OpenedModel, OpenOptions } from './format.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'
import { type StoredArray, storedModel } from './storedWeights.ts'

export const onnx: ModelFormat = {
  id: 'onnx',
  async open(files, options) {
    const main = files.find(isOnnx)
    if (!main) return null
    const content = await main.content()
    const locations = new Set<string>()
    const sources = new Map<string, ByteSource>()
    const model = whole(main, content, () =>
      readModel(sourceOf(content), {
        needs: (location) => locations.add(location),
        open: (location) => sources.get(location)!,
      }),
    )
    for (const location of locations)
      sources.set(location, sourceOf(await (await fileBeside(location, files, main)).content()))
    return whole(main, content, () => opened(main, model, options))
  },
}

/** Keys of the fields that may follow the version: the names and versions of the maker and the model, and the graph. */
const secondKeys = [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42]

/** By the version of the format and the next field; programs may write them in any order, and then the name decides. */
function isOnnx({ path, head, isHdf5, json }: Candidate): boolean {
  if (/\.(ml)?(model|package)$/i.test(path) || isHdf5 || json !== undefined) return false
  const [key, version, second] = head
  // A SavedModel has a graph with its information in the place of the maker's name.
  const begins =
    key === 0x08 && version! < 0x10 && secondKeys.includes(second ?? 0) && !head.subarray(4, 9).includes(0x0a)
  return begins || (/\.onnx$/i.test(path) && head.length > 0 && !isOther(head))
}

/** Something else under the name of a model, which is named as what it is. */
function isOther(head: Uint8Array): boolean {
  const kinds = ['Git LFS', 'web page', 'zip', 'gzip', 'tar', 'PDF'] as const
  const isRuntime = String.fromCharCode(...head.subarray(4, 8)) === 'ORTM'
  return isRuntime || kinds.some((kind) => beginsAs(head, kind))
}

function sourceOf(blob: Blob): ByteSource {
  return { size: blob.size, read: (start, end) => new Uint8Array(readBytes(blob.slice(start, end))) }
}

/** The file of this name, beside the model if possible. */
function fileBeside(location: string, files: ModelFiles, main: Candidate): Candidate {
  const name = baseName(location.replaceAll('\\', '/'))
  const found = files.filter((file) => file !== main && baseName(file.path) === name)
  const neighbour = found.find(({ path }) => folderOf(path) === folderOf(main.path))
  const file = neighbour ?? found[0]
  if (!file) throw appError('model/data-missing', { file: main.label, data: name })
  return file
}

function opened(main: Candidate, model: OnnxModel, options: OpenOptions): OpenedModel {
  const { network, constants } = onnxNetwork(model, { name: nameOf(main), inputSize: options.inputSize })
  const arrays = constants.map((list) => list.map((constant) => checked(constant, main)))
  const [labels, madeBy] = [labelsOf(model), makerOf(model)]
  return {
    ...storedModel(main.label, network, arrays, () => undefined),
    ...(labels && { labels }),
    ...(madeBy && { madeBy }),
  }
}

/** An array that says of which file it is, if it is not whole. */
function checked(array: StoredArray, { label }: Candidate): StoredArray {
  return {
    ...array,
    floats() {
      try {
        return array.floats()
      } catch (error) {
        throw appError('model/damaged', { file: label, reason: messageOf(error) })
      }
    },
  }
}

/** Runs what reads the model, and makes sentences of what goes wrong. */
function whole<T>({ label }: Candidate, { size }: Blob, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof CutOff)
      throw appError('model/truncated', { file: label, bytes: size, expected: error.expected })
    const reason = messageOf(error)
    throw error instanceof BrokenFile
      ? appError('model/damaged', { file: label, reason })
      : appError('model/unsupported-model', { file: label, what: reason })
  }
}

/** Many files are called model.onnx: the name of their folder says more. */
function nameOf({ path }: Candidate): string {
  const own = baseName(path).replace(/\.onnx$/i, '')
  return own === 'model' ? baseName(folderOf(path).slice(0, -1)) || own : own
}
