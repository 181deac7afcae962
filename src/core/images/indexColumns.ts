/** @file Finds which columns of an index hold file, class and split, and how its paths differ from the folder's. */
import { isSplitName } from './directoryLabels.ts'
import { directoryOf } from '../paths.ts'
import { looksLikeImage } from './fileKinds.ts'
import { type ImageFinder, normalisedPath, type PathRelation } from './imageFinder.ts'
import type { IndexColumns } from './imageTable.ts'

export type Rows = readonly (readonly string[])[]

export interface Reading {
  readonly columns: IndexColumns
  readonly relation: PathRelation
}

/**
 * This many rows are enough to tell columns apart. They are taken from all over the file, because its beginning may be
 * about images that lie elsewhere.
 */
const sampleRows = 400
/** Only the first so many columns are looked at and offered: an index with more holds measurements in the others. */
export const mostColumns = 24

const splitTitle = /^(data)?[-_ ]?(split|subset|set|partition|fold|phase|usage)$/i
const classTitle =
  /^(class|label|category|target|species|breed|dx|annotation)(es|s)?([-_ ]?(name|id|text))?$/i

/**
 * Finds the columns that the user has not chosen. The best ones find the most images by their exact paths, then the
 * most images in any way. Ties are broken by the class column: first by how many classes are directories of their
 * image, then by a title that means a class, then by how many rows have a class, then by the fewest different classes,
 * so that a column that numbers the images is not taken for their class. Null if no image is found.
 */
export function chooseReading(
  rows: Rows,
  finder: ImageFinder,
  chosen: Partial<IndexColumns> | undefined,
): Reading | null {
  const sample = sampled(rows)
  const titles = rows[0] ?? []
  const count = Math.min(
    mostColumns,
    sample.reduce((most, row) => Math.max(most, row.length), 0),
  )
  const all = Array.from({ length: count }, (_, column) => column)
  const split = chosen?.split === undefined ? splitColumn(sample, titles, all) : chosen.split
  const files = chosen?.file === undefined ? all.filter((column) => column !== split) : [chosen.file]
  const marks = chosen?.class === undefined ? oneHotColumns(sample, all) : new Set<number>()
  const pairs = files.flatMap((file) => {
    if (chosen?.class !== undefined) return [{ file, class: chosen.class, split }]
    const classes = all.filter((column) => column !== file && column !== split && !marks.has(column))
    return (classes.length > 0 ? classes : [null]).map((cls) => ({ file, class: cls, split }))
  })
  return (
    best(pairs.map((columns) => rate({ columns, relation: 'same' }, sample, titles, finder))) ??
    best(
      pairs.flatMap((columns) =>
        otherRelations(columns, sample, finder).map((relation) =>
          rate({ columns, relation }, sample, titles, finder),
        ),
      ),
    )
  )
}

/** The paths that a row may mean, the likeliest first: as written, or relative to a directory named as its class. */
export function pathsOfRow(row: readonly string[], { file, class: cls }: IndexColumns): string[] {
  const path = normalisedPath(row[file] ?? '')
  const className = cls === null ? '' : (row[cls] ?? '').trim()
  if (className === '' || path === '') return [path]
  const underClass = `${className}/${path}`
  return path.includes('/') ? [path, underClass] : [underClass, path]
}

/** Whether the first line holds titles: it names no image of the folder and no other picture either. */
export function beginsWithTitles(rows: Rows, { columns, relation }: Reading, finder: ImageFinder): boolean {
  const [first] = rows
  if (!first || finder.find(pathsOfRow(first, columns), relation) >= 0) return false
  const text = normalisedPath(first[columns.file] ?? '')
  return text !== '' && !looksLikeImage(text)
}

function sampled(rows: Rows): Rows {
  if (rows.length <= sampleRows) return rows
  const step = (rows.length - sampleRows / 2) / (sampleRows / 2)
  const evenlySpaced = Array.from(
    { length: sampleRows / 2 },
    (_, i) => rows[Math.floor(sampleRows / 2 + i * step)]!,
  )
  return [...rows.slice(0, sampleRows / 2), ...evenlySpaced]
}

/** One-hot columns: each row has a 1 in one of them, 0 in the others. Their titles are classes, not their values. */
function oneHotColumns(sample: Rows, columns: readonly number[]): ReadonlySet<number> {
  // The first row may hold the titles.
  const rows = sample.slice(1)
  const holds = columns.filter((column) =>
    rows.every((row) => /^[01](\.0*)?$/.test((row[column] ?? '').trim())),
  )
  const marked = (row: readonly string[]): number =>
    holds.reduce((sum, column) => sum + Number(row[column]), 0)
  return new Set(holds.length > 1 && rows.length > 0 && rows.every((row) => marked(row) === 1) ? holds : [])
}

/** The column whose title means a split, or else one in which all values are names of splits. */
function splitColumn(sample: Rows, titles: readonly string[], columns: readonly number[]): number | null {
  const valuesOf = (column: number): string[] =>
    sample.slice(1).flatMap((row) => (row[column] ?? '').trim() || [])
  const holdsSplits = (column: number): boolean => {
    const values = valuesOf(column)
    return values.length > 0 && values.every(isSplitName)
  }
  const titled = (column: number): boolean =>
    splitTitle.test((titles[column] ?? '').trim()) && new Set(valuesOf(column)).size <= 20
  return columns.find(titled) ?? columns.find(holdsSplits) ?? null
}

function otherRelations(columns: IndexColumns, sample: Rows, finder: ImageFinder): PathRelation[] {
  const above = sample
    .map((row) => finder.above(normalisedPath(row[columns.file] ?? '')))
    .find((prefix) => prefix !== null)
  return above === undefined ? ['shorter'] : [{ above }, 'shorter']
}

interface Rated {
  readonly reading: Reading
  readonly rating: readonly number[]
}

function rate(reading: Reading, sample: Rows, titles: readonly string[], finder: ImageFinder): Rated {
  const { columns, relation } = reading
  let exact = 0
  let hits = 0
  let agreeing = 0
  const labels: string[] = []
  for (const row of sample) {
    const paths = pathsOfRow(row, columns)
    const position = finder.find(paths, relation)
    if (position < 0) continue
    hits++
    if (paths.includes(finder.paths[position]!)) exact++
    const label = columns.class === null ? '' : (row[columns.class] ?? '').trim()
    if (label === '') continue
    labels.push(label)
    if (directoryOf(finder.paths[position]!).split('/').includes(label)) agreeing++
  }
  const titled = columns.class !== null && classTitle.test((titles[columns.class] ?? '').trim()) ? 1 : 0
  return { reading, rating: [exact, hits, agreeing, titled, labels.length, -new Set(labels).size] }
}

function best(rated: readonly Rated[]): Reading | null {
  const [first] = rated.toSorted((a, b) => compareRatings(b.rating, a.rating))
  return first && first.rating[1]! > 0 ? first.reading : null
}

function compareRatings(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
