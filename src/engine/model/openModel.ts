/** @file From dropped files to an opened model: the first format that finds one of its own among them opens it. */
import { appError, type AppError } from '../../core/errors.ts'
import { baseName } from '../../core/paths.ts'
import { formatShape } from '../../core/model/kinds/kind.ts'
import type { OpenedModel, OpenOptions } from './formats/format.ts'
import { formats } from './formats/index.ts'
import { type ModelFile, type ModelFiles, readModelFiles } from './formats/modelFiles.ts'
import { guessKind } from './sniff.ts'

/** Grey, colour, and colour with alpha. */
const channelsOfImages = [1, 3, 4]

/** Throws `model/…`, also where the model takes no images. Whoever gets the model closes it. */
export async function openModel(files: readonly ModelFile[], options: OpenOptions): Promise<OpenedModel> {
  return imagesOnly(await findModel(files, options), files)
}

/** As `openModel`, with an input of any number of channels. */
export async function findModel(files: readonly ModelFile[], options: OpenOptions): Promise<OpenedModel> {
  const empty = files.find(({ file }) => file.size === 0)
  if (empty && files.length === 1) throw appError('model/empty-file', { file: empty.file.name })
  const candidates = await readModelFiles(files)
  for (const format of formats) {
    const opened = await format.open(candidates, options)
    if (opened) return opened
  }
  throw whyNone(candidates, files)
}

function imagesOnly(opened: OpenedModel, files: readonly ModelFile[]): OpenedModel {
  const { inputShape } = opened.network
  if (channelsOfImages.includes(inputShape[2])) return opened
  opened.close()
  throw appError('model/input-channels', { file: mainName(files), shape: formatShape(inputShape) })
}

function mainName(files: readonly ModelFile[]): string {
  return files.length === 1 ? files[0]!.file.name : (files[0]?.path.split('/')[0] ?? '')
}

function whyNone(candidates: ModelFiles, files: readonly ModelFile[]): AppError {
  const mangled = candidates.find(({ head }) => String.fromCharCode(...head.subarray(0, 4)) === '\u0089HDF')
  // The signature is made to show just this: a line feed that has become two bytes, or lost one.
  if (mangled)
    return appError('model/damaged', {
      file: mangled.label,
      reason: 'a transfer in text mode has changed its bytes',
    })
  const broken = candidates.find(({ jsonProblem }) => jsonProblem !== null)
  if (broken) return appError('model/bad-json', { file: broken.label, reason: broken.jsonProblem! })
  const known = guessKind(candidates)
  if (!known) return appError('model/unknown-kind', { file: mainName(files) })
  const { sample, guess } = known
  const file =
    sample.label === baseName(sample.path) ? sample.label : `${baseName(sample.path)} in ${sample.label}`
  return appError('model/other-kind', { file, ...guess })
}
