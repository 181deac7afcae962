/** @file Which columns of an index hold file, class and split, and how its paths lie to the folder's. */
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

/** Enough to tell columns apart, from all over the file: its beginning may be about images that are elsewhere. */
const sampleRows = 400
/** More columns than this hold measurements. */
const mostColumns = 24

const splitTitle = /^(data)?[-_ ]?(split|subset|set|partition|fold|phase|usage)$/i
const classTitle =
  /^(class|label|category|target|species|breed|dx|annotation)(es|s)?([-_ ]?(name|id|text))?$/i

/**
 * What is not chosen is found: the columns that find most images, exactly if possible; of equal ones those whose classes are the
 * directories of the images, then those with the title of a class, then those with the fewest classes: numbers of
 * images are no classes. Null where no image is found.
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

/** The paths that a row may mean, the likeliest first. */
export function pathsOfRow(row: readonly string[], { file, class: cls }: IndexColumns): string[] {
  const path = normalisedPath(row[file] ?? '')
  const className = cls === null ? '' : (row[cls] ?? '').trim()
  if (className === '' || path === '') return [path]
  const underClass = `${className}/${path}`
  return path.includes('/') ? [path, underClass] : [underClass, path]
}

/** A first line without a file name is one of titles. */
export function beginsWithTitles(rows: Rows, { columns, relation }: Reading, finder: ImageFinder): boolean {
  const [first] = rows
  if (!first || finder.find(pathsOfRow(first, columns), relation) >= 0) return false
  const text = normalisedPath(first[columns.file] ?? '')
  return text !== '' && !looksLikeImage(text)
}

function sampled(rows: Rows): Rows {
  if (rows.length <= sampleRows) return rows
  const step = (rows.length - sampleRows / 2) / (sampleRows / 2)
  const spread = Array.from(
    { length: sampleRows / 2 },
    (_, i) => rows[Math.floor(sampleRows / 2 + i * step)]!,
  )
  return [...rows.slice(0, sampleRows / 2), ...spread]
}

/** Columns of which each row marks one with a 1, and the others with 0: their titles are classes, their values none. */
function oneHotColumns(sample: Rows, columns: readonly number[]): ReadonlySet<number> {
  // Without the titles.
  const rows = sample.slice(1)
  const holds = columns.filter((column) =>
    rows.every((row) => /^[01](\.0*)?$/.test((row[column] ?? '').trim())),
  )
  const marked = (row: readonly string[]): number =>
    holds.reduce((sum, column) => sum + Number(row[column]), 0)
  return new Set(holds.length > 1 && rows.length > 0 && rows.every((row) => marked(row) === 1) ? holds : [])
}

/** By its title, or because all of its values are names of splits. */
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
    const place = finder.find(paths, relation)
    if (place < 0) continue
    hits++
    if (paths.includes(finder.paths[place]!)) exact++
    const label = columns.class === null ? '' : (row[columns.class] ?? '').trim()
    if (label === '') continue
    labels.push(label)
    if (directoryOf(finder.paths[place]!).split('/').includes(label)) agreeing++
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
