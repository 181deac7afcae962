/** @file Whether a channel fires at borders more than elsewhere. */
import { firstOfCell, where, type Where } from '../statistics/where.ts'
import type { Measure } from './measure.ts'

/**
 * The share of the maxima that lie in the outermost cells of the grid, divided by the share of units that do: 1 if borders are
 * as good as any other place. Returns null if all cells are outermost.
 */
export function borderBias({ map, grid: [rows, columns], counts, images }: Where): number | null {
  if (rows < 3 || columns < 3) return null
  const isInner = (cell: number): boolean => {
    const [row, column] = [Math.floor(cell / columns), cell % columns]
    return row > 0 && row < rows - 1 && column > 0 && column < columns - 1
  }
  const inner = counts.reduce((sum, count, cell) => (isInner(cell) ? sum + count : sum), 0)
  const along = (size: number, cells: number): number =>
    (firstOfCell(cells - 1, cells, size) - firstOfCell(1, cells, size)) / size
  const innerUnits = along(map[0], rows) * along(map[1], columns)
  return (1 - inner / images) / (1 - innerUnits)
}

export const border: Measure = {
  id: 'border',
  label: 'At borders',
  sentence:
    'The share of the maxima in the outermost cells of an 8×8 grid, divided by the share of units there: above 1 the channel fires at borders more than elsewhere.',
  unit: 'number',
  of({ result, channel, isDead }) {
    const found = isDead ? null : result.of(where, channel)
    return found && borderBias(found)
  },
}
