/** @file Finds ONNX models among files. What reads them is loaded with the first one, as most people never open any. */
import { beginsAs } from '../../../core/signatures.ts'
import type { ModelFormat } from './format.ts'
import type { Candidate } from './modelFiles.ts'

export const onnx: ModelFormat = {
  id: 'onnx',
  async open(files, options) {
    const main = files.find(isOnnx)
    if (!main) return null
    const { openOnnx } = await import('./onnxModel.ts')
    return openOnnx(main, files, options)
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
