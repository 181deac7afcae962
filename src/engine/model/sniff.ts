/** @file Says in words what dropped files seem to be if they hold no model that can be opened, and how to make one of them. */
import { type ForeignModel, foreignModels } from '../../core/model/formats.ts'
import { beginsAs, type Signature } from '../../core/signatures.ts'
import type { TorchArchive } from './formats/modelFiles.ts'

/** The part of each file that is looked at. */
export interface Sample {
  readonly path: string
  readonly head: Uint8Array
  readonly json?: unknown
  readonly torch?: TorchArchive | null
}

export interface Guess {
  /** Ends the sentence "it is …". */
  readonly what: string
  /** A sentence; null for PyTorch, as the way out of it has one of its own, and a page. */
  readonly advice: string | null
  /** It is no kind of model, and may lie beside one. */
  readonly noModel?: true
}

interface Kind extends Guess {
  /** One of these. */
  readonly begins?: readonly Signature[]
  readonly ending?: ForeignModel
  readonly torch?: TorchArchive
  /** More of the first bytes, one character each; control characters by their pictures, so that they can be seen here. */
  readonly starts?: RegExp
  readonly json?: (json: unknown) => boolean
  readonly path?: RegExp
}

const fromKeras = 'Open the Keras model that it was made from: model.save("model.keras").'
const fromSavedModel =
  'Convert it with tensorflowjs_converter --input_format=tf_saved_model FOLDER OUT and drop the folder OUT.'
const again = 'Download the file itself.'
const unpack = 'Unpack it and drop what is inside.'
const asImages = 'Open pictures with "Open images".'

/** The first that fits counts: content before names, the telling before the vague. */
const kinds: readonly Kind[] = [
  {
    what: 'a Git LFS pointer, not the file itself',
    advice: 'Fetch it with git lfs pull, or download it from the site.',
    begins: ['Git LFS'],
  },
  {
    what: 'a web page',
    noModel: true,
    advice: `${again} On GitHub that is "Download raw file".`,
    begins: ['web page'],
  },
  { what: 'an XML error message of a server', advice: again, starts: /^\s*<\?xml[^]*<Error>/ },
  { what: 'a TensorFlow Lite model', advice: fromKeras, starts: /^[^]{4}TFL3/ },
  { what: 'a SavedModel of TensorFlow', advice: fromSavedModel, path: /(^|\/)saved_model\.pb(txt)?$/i },
  // The version of the format and a graph with its information.
  { what: 'a SavedModel of TensorFlow', advice: fromSavedModel, starts: /^\u2408\u2401\u2412[^]{1,5}\n/ },
  {
    what: 'a model in the format of onnxruntime',
    advice: 'Open the .onnx file that it was made from.',
    starts: /^[^]{4}ORTM/,
  },
  { what: 'a TorchScript model', advice: null, torch: 'script' },
  { what: 'a program saved by torch.export', advice: null, torch: 'exported' },
  { what: 'a model saved by PyTorch', advice: null, torch: 'saved' },
  { what: 'a model saved by PyTorch', advice: null, starts: /^\x80\u2402\x8A\nl\xFC\x9CF\xF9 j\xA8P\u2419/ },
  { what: 'a model saved by PyTorch', advice: null, ending: 'PyTorch' },
  {
    what: 'a safetensors file, which holds weights without a network',
    advice: null,
    starts: /^[^]{3,4}\u2400{4,5}\{\s*"/,
  },
  {
    what: 'a Python pickle (joblib, perhaps)',
    advice: 'Load it in Python and save the Keras model with model.save("model.keras").',
    starts: /^\x80[\u2402-\u2405]/,
  },
  { what: 'a Core ML model', advice: fromKeras, path: /\.mlpackage(\/|$)/i },
  { what: 'a Core ML model', advice: fromKeras, ending: 'Core ML' },
  { what: 'a gzip archive', advice: unpack, begins: ['gzip'] },
  { what: 'a tar archive', advice: unpack, begins: ['tar'] },
  { what: 'a 7z archive', advice: unpack, begins: ['7z'] },
  { what: 'a RAR archive', advice: unpack, begins: ['RAR'] },
  { what: 'a bzip2, xz or zstd archive', advice: unpack, begins: ['bzip2', 'xz', 'zstd'] },
  {
    what: 'a weights manifest of face-api.js, whose networks are written in its code',
    advice: 'It holds no architecture, so no layer can be shown.',
    json: (json) => Array.isArray(json) && json.length > 0 && isObject(json[0]) && 'paths' in json[0],
  },
  {
    what: 'a shard of weights of a TensorFlow.js model',
    noModel: true,
    advice: 'Drop its model.json along with all shards.',
    path: /(^|\/)(group\d+-shard\d+(of\d+)?(\.bin)?|[^/]*-shard\d+(of\d+)?(\.bin)?|weights\.bin|[^/]+\.bin)$/i,
  },
  { what: 'a checkpoint of TensorFlow', advice: fromKeras, path: /(\.index|\.data-\d+-of-\d+)$/i },
  { what: 'a checkpoint of TensorFlow', advice: fromKeras, ending: 'checkpoint' },
  { what: 'a NumPy array', noModel: true, advice: fromKeras, begins: ['NumPy'] },
  { what: 'a NumPy archive', advice: fromKeras, path: /\.npy$/i },
  { what: 'a NumPy archive', advice: fromKeras, ending: 'NumPy archive' },
  { what: 'a PNG picture', advice: asImages, starts: /^\x89PNG/ },
  { what: 'a JPEG picture', advice: asImages, starts: /^\xFF\xD8\xFF/ },
  { what: 'a GIF picture', advice: asImages, starts: /^GIF8/ },
  { what: 'a WebP picture', advice: asImages, starts: /^RIFF[^]{4}WEBP/ },
  { what: 'a PDF document', noModel: true, advice: fromKeras, begins: ['PDF'] },
  {
    what: 'a notebook',
    noModel: true,
    advice: 'Run it, save its model with model.save("model.keras") and drop that.',
    json: (json) => isObject(json) && 'nbformat' in json,
  },
  {
    what: 'a project file of Urpatch, which names a model and images by where they lie',
    advice:
      'Put all of them beside the app on a web server and open it with ?project= and the address of this file.',
    json: (json) => isObject(json) && typeof json['model'] === 'string' && typeof json['images'] === 'string',
  },
  {
    what: 'a results file of Urpatch',
    advice: 'Drop the file by itself, not in a folder or an archive.',
    json: (json) => isObject(json) && json['format'] === 'urpatch-results',
  },
  {
    what: 'JSON text without a network',
    noModel: true,
    advice: fromKeras,
    json: (json) => json !== undefined,
  },
  { what: 'a frozen graph of TensorFlow', advice: fromSavedModel, ending: 'TensorFlow' },
]

/** The most telling kind among the files, and which file it is; null if none is known. */
export function guessKind<S extends Sample>(samples: readonly S[]): { sample: S; guess: Guess } | null {
  const texts = samples.map(({ head }) => asText(head))
  for (const guess of kinds) {
    const at = samples.findIndex((sample, i) => fits(guess, sample, texts[i]!))
    if (at !== -1) return { sample: samples[at]!, guess }
  }
  return null
}

/** Whether all that is known of the kind is true of the file. */
function fits({ begins, ending, torch, starts, json, path }: Kind, sample: Sample, text: string): boolean {
  if (begins && !begins.some((kind) => beginsAs(sample.head, kind))) return false
  if (torch && sample.torch !== torch) return false
  if (ending && !foreignModels[ending].ending.test(sample.path)) return false
  return (starts?.test(text) ?? true) && (json?.(sample.json) ?? true) && (path?.test(sample.path) ?? true)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function asText(head: Uint8Array): string {
  const isControl = (byte: number): boolean => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte)
  return Array.from(head, (byte) => String.fromCharCode(isControl(byte) ? 0x2400 + byte : byte)).join('')
}
