/** @file From dropped files to an opened model: the first format that finds one of its own among them opens it. */
import { appError, AppError } from '../../core/errors.ts'
import { baseName } from '../../core/paths.ts'
import { formatBytes } from '../../core/estimates.ts'
import { bytesOf, mostBytes, withinMemory } from '../../core/model/fitsMemory.ts'
import { formatShape } from '../../core/model/kinds/kind.ts'
import type { Network } from '../../core/model/network.ts'
import { withShownNames } from '../../core/model/shownNames.ts'
import type { OpenedModel, OpenOptions } from './formats/format.ts'
import { formats } from './formats/index.ts'
import { type Candidate, type FoundFiles, type ModelFile, readModelFiles } from './formats/modelFiles.ts'
import { guessKind } from './sniff.ts'

/** Grey, colour, and colour with alpha. */
const channelsOfImages = [1, 3, 4]

/** Throws `model/…`, also if the model takes no images. The caller closes the model. */
export async function openModel(files: readonly ModelFile[], options: OpenOptions): Promise<OpenedModel> {
  const opened = await findModel(files, options)
  try {
    refuseNoImages(opened.network, mainName(files))
  } catch (error) {
    opened.close()
    throw error
  }
  return { ...opened, network: withShownNames(withinMemory(opened.network)) }
}

/** As `openModel`, with an input of any number of channels. */
export async function findModel(files: readonly ModelFile[], options: OpenOptions): Promise<OpenedModel> {
  const empty = files.find(({ file }) => file.size === 0)
  if (empty && files.length === 1) throw appError('model/empty-file', { file: empty.file.name })
  const found = await readModelFiles(files)
  try {
    for (const format of formats) {
      const opened = await format.open(found.candidates, options)
      if (opened) return opened
    }
  } catch (error) {
    throw found.problem && somethingIsMissing(error) ? found.problem : error
  }
  throw whyNone(found, files)
}

/** The error if a part is not among the files, which may be because it cannot be read. */
function somethingIsMissing(error: unknown): boolean {
  const codes = [
    'model/weights-only',
    'model/no-weights',
    'model/not-keras',
    'model/shard-missing',
    'model/data-missing',
  ]
  return error instanceof AppError && codes.includes(error.code)
}

/** Throws `model/input-channels` and `model/input-too-large`. */
function refuseNoImages({ inputShape }: Network, file: string): void {
  const shape = formatShape(inputShape)
  if (!channelsOfImages.includes(inputShape[2])) throw appError('model/input-channels', { file, shape })
  const needed = bytesOf(inputShape)
  if (needed > mostBytes)
    throw appError('model/input-too-large', {
      file,
      shape,
      needed: formatBytes(needed),
      most: formatBytes(mostBytes),
    })
}

function mainName(files: readonly ModelFile[]): string {
  return files.length === 1 ? files[0]!.file.name : (files[0]?.path.split('/')[0] ?? '')
}

/** Models may come with a picture or two of themselves. */
const fewPictures = 10

/** Whether it is one file, or all of it lies in one folder. */
function isOneThing(files: readonly ModelFile[]): boolean {
  const [folder, ...rest] = files[0]!.path.split('/')
  return files.length === 1 || (rest.length > 0 && files.every(({ path }) => path.startsWith(`${folder}/`)))
}

function whyNone({ candidates, pictures, problem }: FoundFiles, files: readonly ModelFile[]): AppError {
  if (problem) return problem
  const mangled = candidates.find(({ head }) => String.fromCharCode(...head.subarray(0, 4)) === '\u0089HDF')
  // The signature is made to show just this: a line end of two bytes that has become one, or of one that has become two.
  if (mangled)
    return appError('model/damaged', {
      file: mangled.label,
      reason: 'a transfer in text mode has changed its bytes',
    })
  const known = guessKind(candidates)
  const hasPictures = pictures >= fewPictures || (pictures > 0 && candidates.length === 0)
  if (hasPictures && (known === null || known.guess.noModel))
    return appError('model/pictures', { file: isOneThing(files) ? mainName(files) : 'the files' })
  const broken = candidates.filter(({ jsonProblem }) => jsonProblem !== null)
  const meant = broken.find(({ path }) => /\.json$/i.test(path)) ?? broken[0]
  if (meant) return appError('model/bad-json', { file: placeOf(meant), reason: meant.jsonProblem! })
  if (!known) return appError('model/unknown-kind', { file: mainName(files) })
  const { sample, guess } = known
  const { what, advice } = guess
  return advice === null
    ? appError('model/pytorch', { file: placeOf(sample), what })
    : appError('model/other-kind', { file: placeOf(sample), what, advice })
}

/** The file's name; for an entry of an archive with the archive's. */
function placeOf({ path, label }: Candidate): string {
  return label === baseName(path) ? label : `${baseName(path)} in ${label}`
}
