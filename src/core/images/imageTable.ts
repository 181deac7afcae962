/**
 * @file The images of a scan: their paths, classes and order. An image's number is the rank of its path, so that
 * comparing numbers compares paths; the order in which they are scanned is a list of numbers.
 */
import { escapedUnseen } from '../shownText.ts'
import { type DirectoryLabels, labelsOfDirectories } from './directoryLabels.ts'

export interface ImageTable {
  /** Paths relative to the image folder, with `/` as separator, sorted by code unit. */
  readonly paths: readonly string[]
  readonly classNames: readonly string[]
  /** The class of each image, as a position in `classNames`; -1 if it has none. */
  readonly classOf: Int32Array
  /** Names of the splits, such as train and test; empty if the images are not split. */
  readonly splits: readonly string[]
  /** The split of each image, as a position in `splits`; -1 if it has none. */
  readonly splitOf: Int16Array
  /** Image numbers in the order of the index, or 0, 1, 2 … */
  readonly order: Uint32Array
  readonly classesFrom: ClassesFrom
  readonly index: IndexReport | null
}

/** The source of the classes: a column of the index, the directories, or `none` if there are no classes. */
export type ClassesFrom = 'index' | 'folder' | 'none'

/** Which column of an index holds what, counted from 0. */
export interface IndexColumns {
  readonly file: number
  readonly class: number | null
  /** The column that says train, test …. */
  readonly split: number | null
}

/** How an index is read. It is plain data, so that project and results files can hold it. */
export interface IndexSettings {
  /** The name of the index's file. */
  readonly name: string
  readonly columns: IndexColumns
  /** Whether its first line holds titles. */
  readonly header: boolean
  readonly classesFrom: ClassesFrom
}

export interface IndexReport extends IndexSettings {
  /** Paths that the index names and the folder lacks. */
  readonly missing: readonly string[]
  /** Images in the folder that the index does not name; they are not scanned. */
  readonly unnamed: readonly string[]
  /** Images that the index names again with another class or split, and both of what it says; the first one counts. */
  readonly contradicting: readonly string[]
}

/**
 * A table that refers to paths by their position in the list that it was made from. A worker makes it, and only numbers
 * come back: the paths, which may be a million, need not be sent.
 */
export interface TablePlan extends Omit<ImageTable, 'paths' | 'index'> {
  /** Positions of the images' paths, in the order of the table: by path. */
  readonly ranked: Uint32Array
  readonly index: (Omit<IndexReport, 'unnamed'> & { readonly unnamed: Uint32Array }) | null
}

/** Completes a plan to a table. `paths` must be the list that the plan was made from. */
export function tableFromPlan(
  paths: readonly string[],
  { ranked, index, ...columns }: TablePlan,
): ImageTable {
  const at = (positions: Uint32Array): string[] => Array.from(positions, (position) => paths[position]!)
  return { ...columns, paths: at(ranked), index: index && { ...index, unnamed: at(index.unnamed) } }
}

/** Plans the table of a folder without an index. All paths must be images; all of them are in it. */
export function planOfFolder(
  paths: readonly string[],
  classesFrom: Exclude<ClassesFrom, 'index'> = 'folder',
): TablePlan {
  const ranked = rankPaths(paths)
  const labels = labelsOfDirectories(Array.from(ranked, (position) => paths[position]!))
  return {
    ranked,
    ...numberLabels(classesFrom === 'none' ? { ...labels, classes: noLabels(paths.length) } : labels),
    order: Uint32Array.from(ranked.keys()),
    classesFrom,
    index: null,
  }
}

/** Positions of the paths, sorted by code unit (as `sort` without a comparison does). No path may occur twice. */
export function rankPaths(paths: readonly string[]): Uint32Array {
  const positionOf = new Map(paths.map((path, position) => [path, position]))
  return Uint32Array.from(paths.toSorted(), (path) => positionOf.get(path)!)
}

export function noLabels(count: number): null[] {
  return Array.from({ length: count }, () => null)
}

/** Turns each image's names into numbers: positions in the lists of all names, which are sorted by code unit. */
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
  return {
    names: names.map(escapedUnseen),
    numbers: Int32Array.from(labels, (name) => (name === null ? -1 : numberOf.get(name)!)),
  }
}
