/** @file Finds the unit of a layer that stands for a point of the input best. */
import type { Interval } from '../model/kinds/kind.ts'
import type { Network, Pair } from '../model/network.ts'
import { heatGrid } from './heatGrid.ts'

/**
 * The unit whose place is nearest to a point, row and column in pixels of the network's input; of equally near ones the first. A layer
 * with a single unit has that one everywhere. Returns null if the layer's units stand for no places.
 */
export function nearestUnit(network: Network, layer: number, [y, x]: Pair): Pair | null {
  const grid = heatGrid(network, layer)
  if (grid === 'single') return [0, 0]
  return grid === 'placeless' ? null : [nearest(grid.rows, y), nearest(grid.columns, x)]
}

function nearest(cells: readonly Interval[], at: number): number {
  let [best, least] = [0, Infinity]
  for (const [unit, [start, end]] of cells.entries()) {
    const distance = Math.abs((start + end) / 2 - at)
    if (distance < least) [best, least] = [unit, distance]
  }
  return best
}
