/** @file Which of some files is the model's main one, and what the model is called. Opening tells whether it is one. */
import { looksLikeImage } from '../../core/images/fileKinds.ts'
import type { Pair } from '../../core/model/network.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { ModelSource } from '../workers/enginePool.ts'

/** Endings of main files, the likeliest first; those at the end are told what to convert. */
const endings: readonly RegExp[] = [
  /\.keras$/i,
  /\.(h5|hdf5)$/i,
  /(^|\/)model[^/]*\.json$/i,
  /(?<!manifest|metadata|config|tokenizer)\.json$/i,
  /\.zip$/i,
  /\.json$/i,
  /\.(tflite|pb|onnx|pt|pth|safetensors|pkl|pickle|joblib|mlmodel|caffemodel|npz|ckpt|bin)$/i,
]

/** By its ending. */
export function looksLikeModel(path: string): boolean {
  return rank(path) < endings.length
}

function rank(path: string): number {
  const at = endings.findIndex((ending) => ending.test(path))
  return at === -1 ? endings.length : at
}

/** So many pictures say that a folder of images was meant; no model needs one. */
const enoughPictures = 10
/** No model has more files, and each costs half a millisecond on its way to a worker. */
const mostFiles = 2000

/** The main file first, shallow ones before deep ones; of a folder of other things only what may be a model. */
export function modelSource(files: readonly (File | ModelFile)[], inputSize: Pair | null): ModelSource {
  const all = files.map((file) => (file instanceof File ? { path: pathOf(file), file } : file))
  const depth = ({ path }: ModelFile): number => path.split('/').length
  let pictures = 0
  const kept = all.filter(({ path }) => !looksLikeImage(path) || ++pictures <= enoughPictures)
  return {
    files: kept.toSorted((a, b) => rank(a.path) - rank(b.path) || depth(a) - depth(b)).slice(0, mostFiles),
    inputSize,
  }
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name
}

/** Of the folder that all files lie in, or of the main file. */
export function modelName({ files }: ModelSource): string {
  const [main] = files as [ModelFile]
  const [folder] = main.path.split('/', 1) as [string]
  const inFolder = files.every(({ path }) => path.startsWith(`${folder}/`))
  return inFolder ? folder : main.file.name
}
