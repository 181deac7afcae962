/**
 * @file The images of a scan: their paths, classes and order. An image's number is the rank of its path, so that
 * comparing numbers compares paths; the order in which they are scanned is a list of numbers.
 */
import { type DirectoryLabels, labelsOfDirectories } from './directoryLabels.ts'
import { looksLikeImage } from './fileKinds.ts'

export interface ImageTable {
  /** Relative to the image folder, `/` as separator, sorted by code unit. */
  readonly paths: readonly string[]
  readonly classNames: readonly string[]
  /** Class of each image, -1 where there is none. */
  readonly classOf: Int32Array
  /** As train and test; none where the images are not split. */
  readonly splits: readonly string[]
  /** Split of each image, -1 where there is none. */
  readonly splitOf: Int16Array
  /** Image numbers in the order of the index, or 0, 1, 2 … */
  readonly order: Uint32Array
  readonly classesFrom: ClassesFrom
  readonly index: IndexReport | null
}

/** Where the classes come from: a column of the index, the directories, or there are none. */
export type ClassesFrom = 'index' | 'folder' | 'none'

/** Columns of an index by number, from 0. */
export interface IndexColumns {
  readonly file: number
  readonly class: number | null
  /** As train and test. */
  readonly split: number | null
}

/** How an index is read; plain data, so that a project or a results file can say it. */
export interface IndexSettings {
  /** Of the file. */
  readonly name: string
  readonly columns: IndexColumns
  /** Whether its first line holds titles. */
  readonly header: boolean
  readonly classesFrom: ClassesFrom
}

export interface IndexReport extends IndexSettings {
  /** Named in the index, not in the folder. */
  readonly missing: readonly string[]
  /** Images in the folder that the index doesn't name; they are not scanned. */
  readonly unnamed: readonly string[]
  /** Images that it names again with another class or split, and what it says; the first counts. */
  readonly contradicting: readonly string[]
}

/**
 * A table in terms of the paths that it is made of, by their place in the list: it is made in a worker, and the paths
 * themselves, which may be a million, stay where they are.
 */
export interface TablePlan extends Omit<ImageTable, 'paths' | 'index'> {
  /** Places in the order of their paths. */
  readonly ranked: Uint32Array
  readonly index: (Omit<IndexReport, 'unnamed'> & { readonly unnamed: Uint32Array }) | null
}

/** `paths` are those that the plan was made of. */
export function tableFromPlan(
  paths: readonly string[],
  { ranked, index, ...columns }: TablePlan,
): ImageTable {
  const at = (places: Uint32Array): string[] => Array.from(places, (place) => paths[place]!)
  return { ...columns, paths: at(ranked), index: index && { ...index, unnamed: at(index.unnamed) } }
}

/** Without an index: all of the paths, which are images. */
export function planOfFolder(
  paths: readonly string[],
  classesFrom: Exclude<ClassesFrom, 'index'> = 'folder',
): TablePlan {
  const ranked = rankPaths(paths)
  const labels = labelsOfDirectories(Array.from(ranked, (place) => paths[place]!))
  return {
    ranked,
    ...numberLabels(classesFrom === 'none' ? { ...labels, classes: noLabels(paths.length) } : labels),
    order: Uint32Array.from(ranked.keys()),
    classesFrom,
    index: null,
  }
}

/** Without an index: all images, classes and splits from the sub-directories. */
export function tableOfFolder(paths: readonly string[]): ImageTable {
  const images = paths.filter(looksLikeImage)
  return tableFromPlan(images, planOfFolder(images))
}

/** Places of the paths in order of the code units, as `sort` without a comparison does it. The paths differ. */
export function rankPaths(paths: readonly string[]): Uint32Array {
  const placeOf = new Map(paths.map((path, place) => [path, place]))
  return Uint32Array.from(paths.toSorted(), (path) => placeOf.get(path)!)
}

export function noLabels(count: number): null[] {
  return Array.from({ length: count }, () => null)
}

/** Names sorted by code unit, and the number of each image's. */
export function numberLabels({
  classes,
  splits,
}: DirectoryLabels): Pick<ImageTable, 'classNames' | 'classOf' | 'splits' | 'splitOf'> {
  const ofClasses = numberNames(classes)
  const ofSplits = numberNames(splits)
  return {
    classNames: ofClasses.names,
    classOf: ofClasses.numbers,
    splits: ofSplits.names,
    splitOf: Int16Array.from(ofSplits.numbers),
  }
}

function numberNames(labels: readonly (string | null)[]): { names: string[]; numbers: Int32Array } {
  const names = [...new Set(labels.filter((name) => name !== null))].toSorted()
  const numberOf = new Map(names.map((name, i) => [name, i]))
  return { names, numbers: Int32Array.from(labels, (name) => (name === null ? -1 : numberOf.get(name)!)) }
}
