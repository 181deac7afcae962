/** @file Which of some files is the model's main one, and what the model is called. Opening tells whether it is one. */
import type { Pair } from '../core/model/network.ts'
import type { ModelFile } from '../engine/model/formats/modelFiles.ts'
import type { ModelSource } from './enginePool.ts'

/** What the largest networks are fed with; more is a slip of the keyboard. */
export const largestInput = 4096

/** Rows and columns that a network can be given. */
export function isInputSize(value: unknown): value is Pair {
  const fits = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= largestInput
  return Array.isArray(value) && value.length === 2 && value.every(fits)
}

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

/** The main file first, shallow ones before deep ones. */
export function modelSource(files: readonly (File | ModelFile)[], inputSize: Pair | null): ModelSource {
  const all = files.map((file) => (file instanceof File ? { path: pathOf(file), file } : file))
  const depth = ({ path }: ModelFile): number => path.split('/').length
  return {
    files: all.toSorted((a, b) => rank(a.path) - rank(b.path) || depth(a) - depth(b)),
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
