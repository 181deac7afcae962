/** @file Makes the table of the images that an index names; they are scanned in its order. */
import { labelsOfDirectories } from './directoryLabels.ts'
import { ImageFinder } from './imageFinder.ts'
import {
  type IndexColumns,
  type IndexSettings,
  noLabels,
  numberLabels,
  rankPaths,
  type TablePlan,
} from './imageTable.ts'
import { beginsWithTitles, chooseReading, pathsOfRow, type Rows } from './indexColumns.ts'

/** What a user has chosen of how an index is read; the rest is found. */
export type IndexChoices = Partial<Pick<IndexSettings, 'header' | 'classesFrom'>> & {
  readonly columns?: Partial<IndexColumns>
}

/**
 * Plans the table of those images among `paths` that the index names, in its order. All `paths` must be images; `rows`
 * are the cells of the index's lines. Columns may stand in any order, and file names may be whole paths or relative to
 * the directory of their class. Null if nothing matches: then this is no index of this folder.
 */
export function planOfIndex(
  paths: readonly string[],
  rows: Rows,
  name: string,
  choices: IndexChoices = {},
): TablePlan | null {
  const finder = new ImageFinder(paths)
  const reading = chooseReading(rows, finder, choices.columns)
  if (!reading) return null
  const { columns, relation } = reading
  const header = choices.header ?? beginsWithTitles(rows, reading, finder)

  const rowOf = new Map<number, readonly string[]>()
  const missing: string[] = []
  const contradicting: string[] = []
  for (const row of header ? rows.slice(1) : rows) {
    const candidates = pathsOfRow(row, columns)
    const position = finder.find(candidates, relation)
    if (position < 0) {
      const path = relation === 'shorter' ? candidates.at(-1)! : candidates[0]!
      if (path !== '') missing.push(path)
      continue
    }
    const first = rowOf.get(position)
    if (!first) rowOf.set(position, row)
    else {
      const [said, again] = [first, row].map((one) => labelsOf(one, columns))
      if (said !== again) contradicting.push(`${paths[position]!}: ${said}, then ${again}`)
    }
  }

  const named = [...rowOf.keys()]
  const ranks = rankPaths(named.map((position) => paths[position]!))
  const ranked = ranks.map((i) => named[i]!)
  const order = new Uint32Array(named.length)
  for (const [rank, i] of ranks.entries()) order[i] = rank

  const cellOf = (position: number, column: number): string | null =>
    rowOf.get(position)![column]?.trim() || null
  const fromIndex = (column: number | null): (string | null)[] =>
    column === null ? noLabels(ranked.length) : Array.from(ranked, (position) => cellOf(position, column))
  const directories = labelsOfDirectories(Array.from(ranked, (position) => paths[position]!))
  const wanted = choices.classesFrom ?? 'index'
  const classesFrom = wanted === 'index' && columns.class === null ? 'folder' : wanted
  const classes = {
    index: () => fromIndex(columns.class),
    folder: () => directories.classes,
    none: () => noLabels(ranked.length),
  }[classesFrom]()
  return {
    ranked,
    ...numberLabels({
      classes,
      splits: columns.split === null ? directories.splits : fromIndex(columns.split),
    }),
    order,
    classesFrom,
    index: {
      name,
      columns,
      header,
      classesFrom,
      missing,
      contradicting,
      unnamed: rankPaths(paths).filter((position) => !rowOf.has(position)),
    },
  }
}

/** The class and the split that a row gives its image, in words for the user. */
function labelsOf(row: readonly string[], { class: cls, split }: IndexColumns): string {
  const cells = [cls, split].map((column) => (column === null ? '' : (row[column] ?? '').trim()))
  return cells.filter((cell) => cell !== '').join(', ') || 'nothing'
}
