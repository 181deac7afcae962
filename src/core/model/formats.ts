/**
 * @file The model formats that Urpatch opens and those of other programs that it names: what their files are called, and
 * the words for them. The engine has an opener for each (`engine/model/formats`), which knows its own by content.
 */

interface Format {
  readonly id: string
  /** Names of the file that a user takes for the model, the likeliest first. */
  readonly mainFiles: readonly RegExp[]
  /** Names of further files that are no JSON, zip or main file. */
  readonly parts?: RegExp
  /** Words for what can be dropped. */
  readonly one: string
  /** Words for all that can be opened. */
  readonly many: string
}

/** The likeliest first. */
export const modelFormats = [
  {
    id: 'keras',
    mainFiles: [/\.keras$/i, /\.(h5|hdf5)$/i],
    one: 'a Keras model (.keras, .h5)',
    many: 'Keras models (.keras, .h5)',
  },
  {
    id: 'tensorflow-js',
    mainFiles: [/(^|\/)model[^/]*\.json$/i],
    parts: /shard\d+(of\d+)?$/i,
    one: 'a TensorFlow.js model (folder or zip)',
    many: 'TensorFlow.js models (model.json with its weight files)',
  },
  {
    id: 'onnx',
    mainFiles: [/\.onnx$/i],
    // Weights of larger models lie beside it, in one file or in one for each array, which may have any name.
    parts: /\.(onnx[._]data|data|weight|bias)$/i,
    one: 'an ONNX model (PyTorch)',
    many: 'ONNX models (.onnx, as PyTorch exports them)',
  },
] as const satisfies readonly Format[]

export type FormatId = (typeof modelFormats)[number]['id']

interface Foreign {
  readonly ending: RegExp
  /** Nothing else than a model has this ending, so an archive with such a file is no folder of pictures. */
  readonly isSure: boolean
}

/** Models of other programs, which are not opened; `engine/model/sniff` says how to convert them. */
export const foreignModels = {
  'TensorFlow Lite': { ending: /\.tflite$/i, isSure: true },
  TensorFlow: { ending: /\.pb$/i, isSure: true },
  PyTorch: { ending: /\.(pt|pt2|pth)$/i, isSure: true },
  safetensors: { ending: /\.safetensors$/i, isSure: false },
  pickle: { ending: /\.(pkl|pickle|joblib)$/i, isSure: false },
  'Core ML': { ending: /\.mlmodel$/i, isSure: false },
  Caffe: { ending: /\.caffemodel$/i, isSure: false },
  'NumPy archive': { ending: /\.npz$/i, isSure: false },
  checkpoint: { ending: /\.ckpt$/i, isSure: false },
  weights: { ending: /\.bin$/i, isSure: false },
} as const satisfies Readonly<Record<string, Foreign>>

export type ForeignModel = keyof typeof foreignModels

const formats: readonly Format[] = modelFormats
const foreign: readonly Foreign[] = Object.values(foreignModels)

const mainFiles = formats.flatMap((format) => format.mainFiles)
/** JSON and archives, which may be of any format, come before models of other programs. */
const byName: readonly RegExp[][] = [
  ...mainFiles.map((name) => [name]),
  [/(?<!manifest|metadata|config|tokenizer)\.json$/i],
  [/\.zip$/i],
  [/\.json$/i],
  foreign.map(({ ending }) => ending),
]

/** Sorts files by how likely each is the main one of a model, by its name: 0 is the likeliest. */
export function modelRank(path: string): number {
  const rank = byName.findIndex((names) => names.some((name) => name.test(path)))
  return rank === -1 ? byName.length : rank
}

/** Whether a file's name says that it may be a model, perhaps one of another program. */
export function looksLikeModel(path: string): boolean {
  return modelRank(path) < byName.length
}

/** Whether a file's name says that it is a model or a part of one. */
export function looksLikePart(path: string): boolean {
  return looksLikeModel(path) || /\.pbtxt$/i.test(path) || formats.some(({ parts }) => parts?.test(path))
}

/** Whether an archive with a file of this name is a model and no folder of pictures. `data.pkl` is PyTorch's. */
export function marksModel(path: string): boolean {
  const names = [...mainFiles, ...foreign.filter(({ isSure }) => isSure).map(({ ending }) => ending)]
  return names.some((name) => name.test(path)) || /(^|\/)data\.pkl$/i.test(path)
}

/** "a Keras model (.keras, .h5) or a TensorFlow.js model (folder or zip)" */
export const whatCanBeDropped = listed(
  'disjunction',
  formats.map(({ one }) => one),
)

/** "Keras models (.keras, .h5) and TensorFlow.js models (model.json with its weight files)" */
export const whatCanBeOpened = listed(
  'conjunction',
  formats.map(({ many }) => many),
)

function listed(type: 'conjunction' | 'disjunction', words: readonly string[]): string {
  // Without a comma before the last one.
  return new Intl.ListFormat('en-GB', { type }).format(words)
}
