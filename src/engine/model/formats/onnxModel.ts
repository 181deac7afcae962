/**
 * @file ONNX models: one file, and for larger ones a second with the weights. Files that a model names are looked for among the
 * dropped ones only, by their base names: no path of a file is followed.
 */
import { appError, messageOf } from '../../../core/errors.ts'
import { labelsOf, makerOf } from '../../../core/model/onnx/metadata.ts'
import { type OnnxModel, readModel } from '../../../core/model/onnx/modelProto.ts'
import { onnxNetwork } from '../../../core/model/onnx/onnxNetwork.ts'
import { BrokenFile, type ByteSource, CutOff } from '../../../core/model/onnx/wire.ts'
import { baseName } from '../../../core/paths.ts'
import { readBytes } from './bytes.ts'
import type { OpenedModel, OpenOptions } from './format.ts'
import { labelsBeside } from './labelsBeside.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'
import { refusedNetwork } from './refusedNetwork.ts'
import { type StoredArray, storedModel } from './storedWeights.ts'

/** `files` are those that lie beside it. Throws `model/…`. */
export async function openOnnx(
  main: Candidate,
  files: ModelFiles,
  options: OpenOptions,
): Promise<OpenedModel> {
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
  const beside = await labelsBeside(main, files)
  return whole(main, content, () => opened(main, model, beside, options))
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

/** `beside`: names of outputs in other files, which count if the model's own has none. */
function opened(
  main: Candidate,
  model: OnnxModel,
  beside: readonly string[] | null,
  options: OpenOptions,
): OpenedModel {
  const { network, constants } = onnxNetwork(model, { inputSize: options.inputSize })
  const arrays = constants.map((list) => list.map((constant) => checked(constant, main)))
  const [labels, madeBy] = [labelsOf(model) ?? beside, makerOf(model)]
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
    if (error instanceof CutOff)
      throw appError('model/truncated', { file: label, bytes: size, expected: error.expected })
    if (error instanceof BrokenFile) throw appError('model/damaged', { file: label, reason: error.message })
    throw refusedNetwork(label, error)
  }
}
