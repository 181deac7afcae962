/**
 * @file Which of some files is the model's main one, and what the model is called. Opening tells whether it is one.
 */
import { shownText } from '../../core/shownText.ts'
import { looksLikeImage } from '../../core/images/fileKinds.ts'
import { modelRank } from '../../core/model/formats.ts'
import type { Pair } from '../../core/model/network.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { ModelSource } from '../workers/enginePool.ts'

/** This many pictures say that a folder of images was meant; no model needs one. */
const enoughPictures = 10
/** No model has more files, and each costs half a millisecond on its way to a worker. */
const mostFiles = 2000

/** Puts the main file first, shallow ones before deep ones. From a folder it takes only what may be a model. */
export function modelSource(files: readonly (File | ModelFile)[], inputSize: Pair | null): ModelSource {
  const all = files.map((file) => (file instanceof File ? { path: pathOf(file), file } : file))
  const depth = ({ path }: ModelFile): number => path.split('/').length
  let pictures = 0
  const kept = all.filter(({ path }) => !looksLikeImage(path) || ++pictures <= enoughPictures)
  const ranks = new Map(kept.map((file) => [file, modelRank(file.path)]))
  return {
    files: kept.toSorted((a, b) => ranks.get(a)! - ranks.get(b)! || depth(a) - depth(b)).slice(0, mostFiles),
    inputSize,
  }
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name
}

/** The name of the folder that all files lie in, or of the main file. */
export function modelName({ files }: ModelSource): string {
  const [main] = files as [ModelFile]
  const [folder] = main.path.split('/', 1) as [string]
  const inFolder = files.every(({ path }) => path.startsWith(`${folder}/`))
  return shownText(inFolder ? folder : main.file.name)
}
