/** @file Digests by which models, and lists of images, are told apart. */
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { Files } from '../../engine/files/files.ts'
import type { Remote } from '../../rpc/remote.ts'
import { fingerprintLines, type ImageSet } from '../images/imageSet.ts'
import { breather } from '../timing/breather.ts'
import type { OpenModel } from '../model/openModel.ts'

/** Reads files and makes digests: the gallery, which is a worker. */
export type Digester = Pick<Remote<Files>, 'digestFile' | 'digestLines'>

/** Digests by main file, so that the same model on another backend is not read again. */
const ofModels = new WeakMap<File, Promise<string>>()

/**
 * The SHA-256 of the model's file. For several files it is that of the list which `sha256sum` prints for them, by
 * path. Files are read once for each model that is opened.
 */
export function digestModel(model: OpenModel, digester: Digester): Promise<string> {
  return once(ofModels, model.file, () => digestFiles(model, digester))
}

async function digestFiles({ source }: OpenModel, digester: Digester): Promise<string> {
  const [only, ...others] = source.files
  if (others.length === 0) return digester.digestFile(only!.file)
  const files = source.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return digester.digestLines(
    await Promise.all(files.map(async ({ path, file }) => `${await digester.digestFile(file)}  ${path}`)),
  )
}

const rowsPerPiece = 20_000

const ofTables = new WeakMap<ImageTable, Promise<string>>()

/** The digest of all that a scan takes from a table: paths, classes, splits and the order. It is made once. */
export function digestTable(table: ImageTable, digester: Digester): Promise<string> {
  return once(ofTables, table, () => digestRows(table, digester))
}

const ofSets = new WeakMap<ImageSet, Promise<string>>()

/** The digest of all paths and sizes, made once. Images that were not opened yet are opened for it. */
export function fingerprint(images: ImageSet, digester: Digester): Promise<string> {
  return once(ofSets, images, async () => digester.digestLines(await fingerprintLines(images)))
}

/** The next call after one that has failed tries again. */
function once<K extends object>(
  known: WeakMap<K, Promise<string>>,
  key: K,
  make: () => Promise<string>,
): Promise<string> {
  let digest = known.get(key)
  if (!digest) {
    digest = make()
    known.set(key, digest)
    digest.catch(() => known.delete(key))
  }
  return digest
}

/** A million rows are sent in a few strings, as a million strings would take a second. */
async function digestRows(table: ImageTable, digester: Digester): Promise<string> {
  const { paths, classNames, classOf, splits, splitOf, order } = table
  const breathe = breather()
  const pieces = [JSON.stringify([classNames, splits, paths.length])]
  for (let at = 0; at < paths.length; at += rowsPerPiece) {
    const end = at + rowsPerPiece
    pieces.push(paths.slice(at, end).join('\0'))
    await breathe()
    pieces.push([classOf, splitOf, order].map((column) => column.subarray(at, end).join()).join(' '))
    await breathe()
  }
  return digester.digestLines(pieces)
}
