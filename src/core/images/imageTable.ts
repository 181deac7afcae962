/**
 * @file The images of a scan: their paths, classes and order. An image's number is the rank of its path, so that
 * comparing numbers compares paths; the order in which they are scanned is a list of numbers.
 */

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
  readonly index: IndexReport | null
}

export interface IndexReport {
  readonly name: string
  /** Named in the index, not in the folder. */
  readonly missing: readonly string[]
  /** Images in the folder that the index doesn't name; they are not scanned. */
  readonly unnamed: readonly string[]
}

/** How an index row names an image. */
interface IndexedImage {
  readonly path: string
  readonly className: string | null
}

const imageEnding = /\.(png|jpe?g|jfif|webp|gif|bmp|avif|ico|tiff?|heic|heif|jp2|svg)$/i
const indexEnding = /\.(txt|tsv|csv)$/i

/** By its ending; what cannot be decoded after all is skipped with a reason. Hidden files are not pictures. */
export function looksLikeImage(path: string): boolean {
  return imageEnding.test(path) && !baseName(path).startsWith('.')
}

/** Files at the top of the folder that may be its index. */
export function indexCandidates(paths: readonly string[]): string[] {
  return paths.filter((path) => indexEnding.test(path) && !path.includes('/')).toSorted()
}

/** Without an index: all images, classes from the sub-directories. */
export function tableOfFolder(paths: readonly string[]): ImageTable {
  const sorted = paths.filter(looksLikeImage).toSorted(byCodeUnit)
  const directories = sorted.map((path) => path.split('/').slice(0, -1))
  const depth = classDepth(directories)
  const classes = directories.map((directory) => directory[depth] ?? null)
  return {
    paths: sorted,
    ...numberClasses(classes),
    ...numberSplits(sorted.map(() => null)),
    order: Uint32Array.from(sorted.keys()),
    index: null,
  }
}

/**
 * With an index: only the images it names, in its order. `rows` are the cells of its lines. The columns may stand
 * in any order; file names may be whole paths or relative to the directory of their class. Null where nothing
 * matches, that is where this is no index of this folder.
 */
export function tableOfIndex(
  paths: readonly string[],
  rows: readonly (readonly string[])[],
  indexName: string,
): ImageTable | null {
  const images = new Set(paths.filter(looksLikeImage))
  const read = bestReading(rows, images)
  if (!read) return null

  const named: IndexedImage[] = []
  const seen = new Set<string>()
  const missing: string[] = []
  for (const [i, row] of rows.entries()) {
    const candidates = read(row)
    const hit = candidates.find(({ path }) => images.has(path))
    if (!hit) {
      const text = candidates[0]?.path ?? ''
      // A first line without a file name is the header.
      if (text && !(i === 0 && !looksLikeImage(text))) missing.push(text)
    } else if (!seen.has(hit.path)) {
      seen.add(hit.path)
      named.push(hit)
    }
  }
  const ranked = named.toSorted((a, b) => byCodeUnit(a.path, b.path))
  const rankOf = new Map(ranked.map((image, rank) => [image.path, rank]))
  return {
    paths: ranked.map((image) => image.path),
    ...numberClasses(ranked.map((image) => image.className)),
    ...numberSplits(ranked.map(() => null)),
    order: Uint32Array.from(named, (image) => rankOf.get(image.path)!),
    index: {
      name: indexName,
      missing,
      unnamed: [...images].filter((path) => !seen.has(path)).toSorted(byCodeUnit),
    },
  }
}

type Reading = (row: readonly string[]) => IndexedImage[]

/**
 * Which columns hold file and class. The reading that finds most of the first rows; of equal ones that whose classes
 * are the directories of the images, then that with the fewest classes: numbers of images are no classes.
 */
function bestReading(rows: readonly (readonly string[])[], images: ReadonlySet<string>): Reading | null {
  const sample = rows.slice(0, 200)
  const columns = Array.from(
    { length: Math.min(Math.max(0, ...sample.map((row) => row.length)), 8) },
    (_, i) => i,
  )
  const pairs = columns.flatMap((a) => columns.filter((b) => b !== a).map((b) => ({ file: a, cls: b })))
  // With a class column where there are two columns at all.
  const candidates = pairs.length > 0 ? pairs : columns.map((file) => ({ file, cls: -1 }))
  const rated = candidates.map(({ file, cls }) => {
    const reading: Reading = (row) => namedBy(row, file, cls)
    const hits = sample.flatMap((row) => reading(row).find(({ path }) => images.has(path)) ?? [])
    const agreeing = hits.filter(
      ({ path, className }) => className !== null && path.split('/').includes(className),
    )
    const labelled = hits.flatMap(({ className }) => className ?? [])
    return {
      reading,
      rating: [hits.length, agreeing.length, labelled.length, -new Set(labelled).size] as const,
    }
  })
  const best = rated.toSorted((a, b) => compareRatings(b.rating, a.rating))[0]
  return best && best.rating[0] > 0 ? best.reading : null
}

function compareRatings(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}

/** The paths a row may mean, the likeliest first. */
function namedBy(row: readonly string[], fileColumn: number, classColumn: number): IndexedImage[] {
  const file = normalisePath(row[fileColumn] ?? '')
  const nested = file.includes('/')
  if (classColumn < 0) return [{ path: file, className: nested ? file.split('/')[0]! : null }]
  const className = (row[classColumn] ?? '').trim() || null
  const asWritten = { path: file, className }
  if (className === null) return [asWritten]
  const underClass = { path: `${className}/${file}`, className }
  return nested ? [asWritten, underClass] : [underClass, asWritten]
}

function normalisePath(text: string): string {
  return text
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
}

/**
 * Directories that all images share say nothing about classes: `photos/cat/1.png`, `photos/dog/2.png`. But where all
 * lie in one directory, that is their class.
 */
function classDepth(directories: readonly (readonly string[])[]): number {
  const [first = []] = directories
  const differs = first.findIndex((name, depth) => directories.some((directory) => directory[depth] !== name))
  if (differs >= 0) return differs
  const deeper = directories.some((directory) => directory.length > first.length)
  return deeper ? first.length : Math.max(0, first.length - 1)
}

function numberClasses(classes: readonly (string | null)[]): Pick<ImageTable, 'classNames' | 'classOf'> {
  const classNames = [...new Set(classes.filter((name) => name !== null))].toSorted(byCodeUnit)
  const numberOf = new Map(classNames.map((name, i) => [name, i]))
  return {
    classNames,
    classOf: Int32Array.from(classes, (name) => (name === null ? -1 : numberOf.get(name)!)),
  }
}

function numberSplits(splits: readonly (string | null)[]): Pick<ImageTable, 'splits' | 'splitOf'> {
  const { classNames, classOf } = numberClasses(splits)
  return { splits: classNames, splitOf: Int16Array.from(classOf) }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
