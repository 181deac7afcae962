/** @file The table of the images that an index names, in its order. */
import { labelsOfDirectories } from './directoryLabels.ts'
import { looksLikeImage } from './fileKinds.ts'
import { ImageFinder } from './imageFinder.ts'
import {
  type ImageTable,
  type IndexColumns,
  type IndexSettings,
  noLabels,
  numberLabels,
  rankPaths,
  tableFromPlan,
  type TablePlan,
} from './imageTable.ts'
import { beginsWithTitles, chooseReading, pathsOfRow, type Rows } from './indexColumns.ts'

/** Of how an index is read, what a user has chosen; the rest is found. */
export type IndexChoices = Partial<Pick<IndexSettings, 'header' | 'classesFrom'>> & {
  readonly columns?: Partial<IndexColumns>
}

/**
 * Of `paths`, which are images, only those that the index names, in its order. `rows` are the cells of its lines.
 * Columns may stand in any order; file names may be whole paths or relative to the directory of their class. Null where
 * nothing matches, that is where this is no index of this folder.
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
    const place = finder.find(candidates, relation)
    if (place < 0) {
      const path = relation === 'shorter' ? candidates.at(-1)! : candidates[0]!
      if (path !== '') missing.push(path)
      continue
    }
    const first = rowOf.get(place)
    if (!first) rowOf.set(place, row)
    else {
      const [said, again] = [first, row].map((one) => labelsOf(one, columns))
      if (said !== again) contradicting.push(`${paths[place]!}: ${said}, then ${again}`)
    }
  }

  const named = [...rowOf.keys()]
  const ranks = rankPaths(named.map((place) => paths[place]!))
  const ranked = ranks.map((i) => named[i]!)
  const order = new Uint32Array(named.length)
  for (const [rank, i] of ranks.entries()) order[i] = rank

  const cellOf = (place: number, column: number): string | null => rowOf.get(place)![column]?.trim() || null
  const fromIndex = (column: number | null): (string | null)[] =>
    column === null ? noLabels(ranked.length) : Array.from(ranked, (place) => cellOf(place, column))
  const directories = labelsOfDirectories(Array.from(ranked, (place) => paths[place]!))
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
      unnamed: rankPaths(paths).filter((place) => !rowOf.has(place)),
    },
  }
}

/** What a row says of its image, in words. */
function labelsOf(row: readonly string[], { class: cls, split }: IndexColumns): string {
  const cells = [cls, split].map((column) => (column === null ? '' : (row[column] ?? '').trim()))
  return cells.filter((cell) => cell !== '').join(', ') || 'nothing'
}

/** Of all files of a folder. */
export function tableOfIndex(
  paths: readonly string[],
  rows: Rows,
  name: string,
  choices: IndexChoices = {},
): ImageTable | null {
  const images = paths.filter(looksLikeImage)
  const plan = planOfIndex(images, rows, name, choices)
  return plan && tableFromPlan(images, plan)
}
