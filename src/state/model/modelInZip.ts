/** @file Whether a zip is a model, as `.keras` renamed or the zip of a TensorFlow.js model, or holds images. */
import { looksLikeImage } from '../../core/images/fileKinds.ts'
import type { Lister } from '../images/sources/archiveSource.ts'

const modelFile = /(^|\/)([^/]*\.(keras|h5|hdf5|onnx|tflite|pb|pt|pth)|model[^/]*\.json|data\.pkl)$/i
/** A model may come with a picture or two of itself. */
const fewPictures = 10

/** By the names of its first files. What is no zip, or a damaged one, is none; listing it says why. */
export async function modelInZip(file: File, lister: Pick<Lister, 'listArchive'>): Promise<boolean> {
  try {
    const { paths, method } = await lister.listArchive(file, file.name, null)
    const all = paths.split('\0').filter((path) => !path.includes('__MACOSX/'))
    return (
      method === 'zip' &&
      all.some((path) => modelFile.test(path)) &&
      all.filter(looksLikeImage).length < fewPictures
    )
  } catch {
    return false
  }
}
