/** @file Reads a project and the files that it names from the app's own host. */
import { AppError, appError, messageOf } from '../../core/errors.ts'
import { parseJson } from '../../core/parseJson.ts'
import { type Project, readProjectFile } from '../../core/project/projectFile.ts'
import type { IndexChoice } from '../images/imageSet.ts'
import type { ImageSource } from '../images/imageSource.ts'
import { fetchOwn, fileName } from './ownFiles.ts'
import { addressSource } from '../images/sources/addressSource.ts'
import { archiveSource, type Lister, looksLikeArchive } from '../images/sources/archiveSource.ts'

export async function readProject(url: URL): Promise<Project> {
  const text = await (
    await fetchOwn(url, (reason) => appError('project/unreachable', { url: url.pathname, reason }))
  ).text()
  const invalid = (reason: string): Error => appError('project/invalid', { url: url.pathname, reason })
  try {
    return readProjectFile(parseJson(text))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw invalid(error instanceof SyntaxError ? `it is no JSON (${error.message})` : messageOf(error))
  }
}

export function addressIn(project: Project, key: 'model' | 'images', base: URL): URL {
  const link = project[key]
  if (URL.canParse(link, base)) return new URL(link, base)
  const reason = `its "${key}" is "${link}", which is no address`
  throw appError('project/invalid', { url: base.pathname, reason })
}

async function fetchFile(url: URL): Promise<File> {
  return new File(
    [await fetchOwn(url, (reason) => appError('project/file-unreachable', { file: url.pathname, reason }))],
    fileName(url),
  )
}

/** Fetches the model, and the shards that its manifest names beside it. */
export async function fetchModel(url: URL): Promise<File[]> {
  const file = await fetchFile(url)
  if (!/\.json$/i.test(url.pathname)) return [file]
  return [file, ...(await Promise.all(shardsOf(await file.text(), url).map(fetchFile)))]
}

function shardsOf(text: string, url: URL): URL[] {
  try {
    const { weightsManifest } = JSON.parse(text) as { weightsManifest: { paths: string[] }[] }
    return weightsManifest.flatMap(({ paths }) => paths.map((path) => new URL(path, url)))
  } catch {
    // Opening the file will say what is wrong with it.
    return []
  }
}

/**
 * The address is that of an archive, which has its index in it, or of an index: a folder on a host cannot be listed,
 * so the index says what is there. `class, file` means the file in the directory of its class, unless the file's name
 * has a directory itself.
 */
export async function imagesOf(
  name: string,
  url: URL,
  gallery: { readonly remote: Lister & { readIndex(file: Blob): Promise<string[][]> } },
): Promise<{ source: ImageSource; index: IndexChoice }> {
  const file = await fetchFile(url)
  if (looksLikeArchive(file.name))
    return { source: archiveSource(file, name, () => gallery.remote), index: 'auto' }
  const rows = await gallery.remote.readIndex(file)
  const paths = rows.map((row) => {
    const [first = '', second] = row
    return second === undefined || second.includes('/') ? (second ?? first) : `${first}/${second}`
  })
  return { source: addressSource(name, paths, url), index: { name: file.name, file } }
}
