/** @file What directories say about images: their class, and their split (train, test …). */
import { directoryOf } from '../paths.ts'

/** For each image a name, or null. */
export interface DirectoryLabels {
  readonly classes: readonly (string | null)[]
  readonly splits: readonly (string | null)[]
}

const splitName =
  /^(.*[-_. ])?(train(ing)?|test(ing)?|val(id(ation)?)?|dev|eval(uation)?|holdout)([-_. ]?(set|data|images|split|\d+))?$/i

/** `train`, `test`, `val`, also `seg_train` or `validation_set`. */
export function isSplitName(name: string): boolean {
  return splitName.test(name)
}

/**
 * The class is the first directory in which the images differ: `photos/cat/1.png`, `photos/dog/2.png`. Where those are
 * all names of splits (`train/cat/1.png`, `test/dog/2.png`), they are the split, and the class is found below. Where
 * all images lie in one directory, that is their class.
 */
export function labelsOfDirectories(paths: readonly string[]): DirectoryLabels {
  // A million images lie in some thousand directories.
  const numberOf = new Map<string, number>()
  const ofImage = paths.map((path) => {
    const directory = directoryOf(path)
    const known = numberOf.get(directory) ?? numberOf.size
    if (known === numberOf.size) numberOf.set(directory, known)
    return known
  })
  const directories = [...numberOf.keys()].map((path) => (path === '' ? [] : path.split('/')))
  const { splits, below } = takeSplits(directories)
  const depth = classDepth(below)
  return {
    classes: ofImage.map((directory) => below[directory]![depth] ?? null),
    splits: ofImage.map((directory) => splits[directory]!),
  }
}

type Directories = readonly (readonly string[])[]

function takeSplits(directories: Directories): { splits: (string | null)[]; below: Directories } {
  const depth = firstDifference(directories)
  const names = new Set(directories.flatMap((directory) => directory[depth] ?? []))
  if (names.size === 0 || ![...names].every(isSplitName))
    return { splits: directories.map(() => null), below: directories }
  return {
    splits: directories.map((directory) => directory[depth] ?? null),
    below: directories.map((directory) => directory.toSpliced(depth, 1)),
  }
}

/** The first depth at which directories differ, or some end; -1 where all are the same. */
function firstDifference(directories: Directories): number {
  const [first = []] = directories
  const differs = first.findIndex((name, depth) => directories.some((directory) => directory[depth] !== name))
  if (differs >= 0) return differs
  return directories.some((directory) => directory.length > first.length) ? first.length : -1
}

function classDepth(directories: Directories): number {
  const differs = firstDifference(directories)
  return differs >= 0 ? differs : Math.max(0, (directories[0]?.length ?? 0) - 1)
}
