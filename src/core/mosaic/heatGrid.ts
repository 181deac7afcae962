/**
 * @file Where the units of a layer lie in the model's input, so that activations can be drawn over the image. A unit lies where the
 * centre of its receptive field is; its cell is as large as the distance to the next unit, but no larger than the field. So no cell
 * reaches beyond what its unit sees, and there is nothing to draw where no unit sees anything.
 *
 * Where a layer was enlarged, several units have the same field: they share its place evenly. Behind attention each unit sees the
 * whole image, and its seat counts in place of its field.
 */
import { seatOfUnit, seenBy } from '../model/backwards.ts'
import type { Interval } from '../model/kinds/kind.ts'
import type { Network, Pair, SupportedLayer } from '../model/network.ts'
import { placesOf } from '../model/places.ts'
import { type Box, type ReceptiveField, receptiveField, UnitBoxes } from '../model/receptiveField.ts'

/** The cells of all units along both axes: `[start, end)` in pixels of the input, which may hang over its edge. */
export interface HeatGrid {
  readonly rows: readonly Interval[]
  readonly columns: readonly Interval[]
}

/** `single`: a channel has one unit, as in a dense layer. `placeless`: units stand for no place in the image. */
export type NoGrid = 'single' | 'placeless'

const grids = new WeakMap<Network, Map<number, HeatGrid | NoGrid>>()

/** Why there is no grid of a layer that is computed, which is known at once; null if there is one. */
export function whyNoGrid(network: Network, layer: number): NoGrid | null {
  const counts = placesOf(network.layers[layer] as SupportedLayer)
  if (Math.max(...counts) === 1) return 'single'
  const { stride, seat } = receptiveField(network, layer)
  const isPlaced = seat !== undefined || counts.every((count, axis) => count === 1 || stride[axis]! > 0)
  return isPlaced ? null : 'placeless'
}

/** Takes milliseconds the first time. The layer has to be one that is computed. */
export function heatGrid(network: Network, layer: number): HeatGrid | NoGrid {
  let known = grids.get(network)
  if (!known) grids.set(network, (known = new Map()))
  let grid = known.get(layer)
  if (grid === undefined) known.set(layer, (grid = gridOf(network, layer)))
  return grid
}

function gridOf(network: Network, layer: number): HeatGrid | NoGrid {
  const why = whyNoGrid(network, layer)
  if (why !== null) return why
  const counts = placesOf(network.layers[layer] as SupportedLayer)
  const rows = cellsOf(network, layer, 0, counts[0])
  const columns = cellsOf(network, layer, 1, counts[1])
  return rows && columns ? { rows, columns } : 'placeless'
}

/** The cells along one axis; null if the units have no places. */
function cellsOf(network: Network, layer: number, axis: 0 | 1, count: number): Interval[] | null {
  const field = receptiveField(network, layer)
  const [size, stride, start] = [field.size[axis], field.stride[axis], field.start[axis]]
  const units = Array.from({ length: count }, (_, unit) => unit)
  // Where units see all of the image there is no step from one to the next.
  if (stride === 0) {
    if (count === 1) return [[0, network.inputShape[axis]]]
    const seats = units.map((unit) => seatOfUnit(network, layer, axis, unit))
    return seats.every((seat) => seat !== null) ? cellsOfSeats(seats, network.inputShape[axis]) : null
  }
  const boxes = new UnitBoxes(network, layer)
  const isAffine = units
    .filter((unit) => unit < 4 || unit === count - 1)
    .every((unit) => {
      const seen = seenBy(network, layer, axis, unit, false).get(network.input)
      return seen && seen !== 'whole' && seen[0] === start + unit * stride && seen[1] - seen[0] === size
    })
  if (isAffine) {
    const cell = Math.min(stride, size)
    const cells = units.map((unit) => around(start + unit * stride + size / 2, cell))
    return cells.map((one, unit) => {
      const first = start + unit * stride
      const isInside = first >= 0 && first + size <= network.inputShape[axis]
      return isInside ? one : overlap(one, exactField(boxes, axis, unit))
    })
  }
  const fields = units.map((unit) => seenBy(network, layer, axis, unit, false).get(network.input))
  if (!fields.every((seen) => seen !== undefined && seen !== 'whole')) return null
  const shifts = fields.map(([from, end], unit) => (from + end) / 2 - unit * stride)
  // The first period stands for all: behind it the pattern repeats, and a part of a period would shift the mean.
  const some = shifts.slice(0, samples)
  const shift = some.reduce((sum, one) => sum + one, 0) / some.length
  return units.map((unit) => overlap(around(unit * stride + shift, stride), exactField(boxes, axis, unit)))
}

/** What the unit sees: at the edge of the image it may be less than what its windows cover. */
function exactField(boxes: UnitBoxes, axis: 0 | 1, unit: number): Interval {
  const [top, left, bottom, right] = axis === 0 ? boxes.box(unit, 0) : boxes.box(0, unit)
  return axis === 0 ? [top, bottom] : [left, right]
}

function overlap([start, end]: Interval, [from, to]: Interval): Interval {
  const first = Math.max(start, from)
  return [first, Math.max(first, Math.min(end, to))]
}

/** Seats lie within the image. Those in the middle tell how they overlap, which those that are cut off at the edge do not. */
function cellsOfSeats(seats: readonly Interval[], length: number): Interval[] {
  const middle = Math.floor((seats.length - 1) / 2)
  const [from, end] = seats[middle]!
  const stride = seats[middle + 1]![0] - from
  const whole = seats.map((_, unit): Interval => {
    const shift = (unit - middle) * stride
    return [from + shift, end + shift]
  })
  const isAffine =
    stride > 0 &&
    whole.every(([start, to], unit) => {
      const seat = seats[unit]!
      return Math.max(0, start) === seat[0] && Math.min(length, to) === seat[1]
    })
  if (!isAffine) return [...seats]
  return whole.map(([start, to]) => around((start + to) / 2, Math.min(stride, to - start)))
}

/** A period of enlarged maps, as in `affineFields`. */
const samples = 24

function around(centre: number, length: number): Interval {
  return [centre - length / 2, centre + length / 2]
}

/** The cell of a unit, in pixels of the input. */
export function cellOf({ rows, columns }: HeatGrid, [row, column]: Pair): Box {
  const [[top, bottom], [left, right]] = [rows[row]!, columns[column]!]
  return [top, left, bottom, right]
}

/** The box of all cells; `isDense`: they are equal and leave no gap, so that a drawing of the map can be put there at once. */
export function gridBox({ rows, columns }: HeatGrid): { readonly box: Box; readonly isDense: boolean } {
  const ends = ([first]: readonly Interval[], last: Interval): Interval => [first![0], last[1]]
  const [top, bottom] = ends(rows, rows.at(-1)!)
  const [left, right] = ends(columns, columns.at(-1)!)
  return { box: [top, left, bottom, right], isDense: isRegular(rows) && isRegular(columns) }
}

/** Far below a pixel of any screen. */
const tolerance = 1e-6

function isRegular(cells: readonly Interval[]): boolean {
  const [[first, end]] = cells as [Interval]
  return cells.every(
    ([from, to], i) =>
      Math.abs(from - (first + i * (end - first))) < tolerance &&
      Math.abs(to - from - (end - first)) < tolerance,
  )
}

/** The unit whose cell a point of the input lies in; null if it lies in none. */
export function unitUnder({ rows, columns }: HeatGrid, [y, x]: Pair): Pair | null {
  const at = (cells: readonly Interval[], point: number): number =>
    cells.findIndex(([start, end]) => point >= start && point < end)
  const [row, column] = [at(rows, y), at(columns, x)]
  return row >= 0 && column >= 0 ? [row, column] : null
}

/** The share of the input from which on a field counts as all of it. */
const nearly = 0.9

/** Whether a unit sees (nearly) the whole image, so that its box says little: at least 90 % of its height and of its width. */
export function seesNearlyAll({ size, whole }: Pick<ReceptiveField, 'size' | 'whole'>, input: Pair): boolean {
  return whole || size.every((length, axis) => length >= nearly * input[axis]!)
}
