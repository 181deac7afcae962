/** @file Where in the map the images' maxima lie, as a small picture of the map: the darker a cell, the more of them. */
import { firstOfCell, where as whereStatistic, type Where } from '../../../core/scan/statistics/where.ts'
import { formatCount } from '../../common/format.ts'
import type { KnownChannel, LateSection } from './section.ts'
import './where.css'

/** CSS pixels. A map may be a single row. */
const width = 76
const heights = { least: 20, most: 120 } as const

interface Cell {
  /** In units of the map: the first row and column, and those behind the last. */
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  readonly count: number
  /** Images a unit: cells may differ by a row or a column. */
  readonly density: number
}

function cellsOf({ map, grid, counts }: Where): Cell[] {
  return counts.map((count, at) => {
    const row = Math.floor(at / grid[1])
    const column = at % grid[1]
    const rows = [firstOfCell(row, grid[0], map[0]), firstOfCell(row + 1, grid[0], map[0])] as const
    const columns = [firstOfCell(column, grid[1], map[1]), firstOfCell(column + 1, grid[1], map[1])] as const
    return { rows, columns, count, density: count / ((rows[1] - rows[0]) * (columns[1] - columns[0])) }
  })
}

function WhereInMap({ found }: KnownChannel & { found: Where }) {
  const [rows, columns] = found.map
  const cells = cellsOf(found)
  const densest = cells.reduce((best, cell) => (cell.density > best.density ? cell : best))
  const height = Math.min(heights.most, Math.max(heights.least, (width * rows) / columns))
  return (
    <svg
      className="where"
      width={width}
      height={height}
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Where the maxima of ${formatCount(found.images)} images lie in the map of ${rows}×${columns} units; most often in ${textOf(densest)}`}
    >
      {cells.map((cell) => (
        <rect
          key={`${cell.rows[0]},${cell.columns[0]}`}
          x={cell.columns[0]}
          y={cell.rows[0]}
          width={cell.columns[1] - cell.columns[0]}
          height={cell.rows[1] - cell.rows[0]}
          fillOpacity={cell.density / densest.density}
        >
          <title>{textOf(cell)}</title>
        </rect>
      ))}
    </svg>
  )
}

/** `rows 0 to 4, columns 5 to 9: 12 images` */
function textOf({ rows, columns, count }: Cell): string {
  const images = count === 1 ? 'image' : 'images'
  return `${rangeText('row', rows)}, ${rangeText('column', columns)}: ${formatCount(count)} ${images}`
}

function rangeText(name: string, [first, end]: readonly [number, number]): string {
  return end - first === 1 ? `${name} ${first}` : `${name}s ${first} to ${end - 1}`
}

export const where: LateSection<Where> = {
  id: 'where',
  title: 'Where',
  aside: true,
  width,
  applies: ({ result, channel }) => result.of(whereStatistic, channel) !== null,
  find: ({ result, channel }) => result.of(whereStatistic, channel),
  Late: WhereInMap,
}
