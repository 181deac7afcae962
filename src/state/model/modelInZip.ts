/** @file Whether a zip is a model, as `.keras` renamed or the zip of a TensorFlow.js model, or holds images. */
import { isSystemFile, looksLikeImage } from '../../core/images/fileKinds.ts'
import { marksModel } from '../../core/model/formats.ts'
import type { Files } from '../../engine/files/files.ts'
import type { Remote } from '../../rpc/remote.ts'

/** A model may come with a picture or two of itself. */
const fewPictures = 10

/** Decides by the names of its first files. A file that is no zip, or a damaged one, is none; listing it says why. */
export async function modelInZip(file: File, lister: Pick<Remote<Files>, 'listArchive'>): Promise<boolean> {
  try {
    const { paths, method } = await lister.listArchive(file, file.name, null)
    const all = paths.split('\0').filter((path) => !isSystemFile(path))
    return method === 'zip' && all.some(marksModel) && all.filter(looksLikeImage).length < fewPictures
  } catch {
    return false
  }
}
