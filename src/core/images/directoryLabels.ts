/** @file Reads the class and the split (train, test …) of images off the directories in their paths. */
import { directoryOf } from '../paths.ts'

/** One entry per image: a name, or null if its directories say nothing. */
export interface DirectoryLabels {
  readonly classes: readonly (string | null)[]
  readonly splits: readonly (string | null)[]
}

const splitName =
  /^(.*[-_. ])?(train(ing)?|test(ing)?|val(id(ation)?)?|dev|eval(uation)?|holdout)([-_. ]?(set|data|images|split|\d+))?$/i

/** Whether a directory's name means a split: `train`, `test`, `val`, but also `seg_train` or `validation_set`. */
export function isSplitName(name: string): boolean {
  return splitName.test(name)
}

/**
 * The class is the first directory in which the paths differ: `photos/cat/1.png`, `photos/dog/2.png`. If all names at
 * that depth are names of splits (`train/cat/1.png`, `test/dog/2.png`), they give the split, and the class is looked
 * for among the other directories. If all images lie in one directory, its name is their class.
 */
export function labelsOfDirectories(paths: readonly string[]): DirectoryLabels {
  // Labels are worked out once per directory: a million images lie in some thousand directories.
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

/** The first depth at which directories differ or some of them end; -1 if all are the same. */
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
