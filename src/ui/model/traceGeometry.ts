/**
 * @file The geometry of an ur-patch drawing: each map is a sheet seen from the side. Smaller maps are drawn smaller, but
 * not to scale.
 */
import type { Pair } from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import type { Region, TraceGroup } from './traceGroups.ts'

export type Point = readonly [x: number, y: number]

/** A map drawn as a parallelogram: rows go down, columns go to the right and back. */
export interface Sheet {
  readonly corners: readonly Point[]
  /** The part of the map that the unit sees; null if it sees nothing of it. */
  readonly seen: readonly Point[] | null
  /** Everything that the unit sees, with what lies beyond the edge. */
  readonly outline: readonly Point[]
  /** Whether the unit sees something beyond the edge. */
  readonly hangs: boolean
  /** The transformation that lays an image of the unit square over the sheet. */
  readonly matrix: string
  readonly centre: number
}

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly pitch: number
  readonly sheets: readonly Sheet[]
  /** The baselines of the texts above and below the sheets. */
  readonly above: number
  readonly below: number
}

/** The width that a wide window has for all sheets, and the bounds of the distance between two, in pixels. */
const room = 1060
const pitches = { least: 104, most: 164 } as const
/** The direction of columns: so much to the right, so much up. */
const slant: Point = [0.52, -0.3]
/** What lies beyond the edge is drawn up to this part of the map. Only the label shows its true size. */
const overhang = 0.12
/** A region is drawn at least this large, in pixels, so that it is visible. */
const smallest = 4
const labels = { above: 26, below: 66 } as const

/** Draws the groups, which begin with the input's. `inputSize` are rows and columns of the input. */
export function drawTrace(groups: readonly TraceGroup[], inputSize: Pair): Drawing {
  const pitch = Math.min(pitches.most, Math.max(pitches.least, Math.floor(room / groups.length)))
  /** The longer side of the input's sheet. */
  const extent = Math.round(pitch * 1.15)
  const unit = extent / Math.max(...inputSize)
  const tallest = inputSize[0] * unit + inputSize[1] * unit * -slant[1]
  const middle = labels.above + tallest / 2 + extent * overhang
  const sheets = groups.map((group, i) => {
    const centre = pitch * (i + 0.5) + 6
    return sheetOf(group, shrunk(group.map, inputSize, extent), [centre, middle])
  })
  const bottom = middle + tallest / 2 + extent * overhang
  return {
    width: pitch * groups.length + 12,
    height: bottom + labels.below,
    pitch,
    sheets,
    above: labels.above - 8,
    below: bottom + 16,
  }
}

/** The drawn size of a map: smaller maps are drawn smaller, but never too small to show a region in them. */
function shrunk(map: Pair, inputSize: Pair, extent: number): Pair {
  const ratio = Math.min(1, Math.max(...map) / Math.max(...inputSize))
  const scale = (extent * Math.max(0.3, ratio ** 0.35)) / Math.max(...map)
  return [map[0] * scale, map[1] * scale]
}

function sheetOf({ map, region }: TraceGroup, [tall, wide]: Pair, [x, y]: Point): Sheet {
  const [dx, dy] = [slant[0] * wide, slant[1] * wide]
  const [left, top] = [x - dx / 2, y - (tall + dy) / 2]
  /** The point of the drawing for a position in the map, 0…1. */
  const at = (row: number, column: number): Point => [left + column * dx, top + column * dy + row * tall]
  const box = (rows: Pair, columns: Pair): Point[] => [
    at(rows[0], columns[0]),
    at(rows[0], columns[1]),
    at(rows[1], columns[1]),
    at(rows[1], columns[0]),
  ]
  const [rows, columns] = [share(region.rows, map[0], tall), share(region.columns, map[1], wide)]
  const [rowsIn, columnsIn] = [within(rows, 0), within(columns, 0)]
  const empty = rowsIn[0] >= rowsIn[1] || columnsIn[0] >= columnsIn[1]
  return {
    corners: box([0, 1], [0, 1]),
    seen: empty ? null : box(rowsIn, columnsIn),
    outline: box(within(rows, overhang), within(columns, overhang)),
    hangs: hangs(region, map),
    matrix: `matrix(${dx} ${dy} 0 ${tall} ${left} ${top})`,
    centre: x,
  }
}

/** The position of a point on a sheet, as parts of its rows and columns, 0…1; null if it lies beside the sheet. */
export function positionOn({ corners }: Pick<Sheet, 'corners'>, [x, y]: Point): Pair | null {
  const [[left, top], [right, topRight], , [, bottom]] = corners as [Point, Point, Point, Point]
  const column = (x - left) / (right - left)
  const row = (y - top - column * (topRight - top)) / (bottom - top)
  return row >= 0 && row < 1 && column >= 0 && column < 1 ? [row, column] : null
}

/** The corners of a seat on the sheet of the input, whose rows and columns are `inputSize`. */
export function seatOn(
  { corners }: Pick<Sheet, 'corners'>,
  [top, left, bottom, right]: Box,
  [rows, columns]: Pair,
): readonly Point[] {
  const [[x, y], [xRight, yRight], , [, yBottom]] = corners as [Point, Point, Point, Point]
  const at = (row: number, column: number): Point => [
    x + (column / columns) * (xRight - x),
    y + (column / columns) * (yRight - y) + (row / rows) * (yBottom - y),
  ]
  return [at(top, left), at(top, right), at(bottom, right), at(bottom, left)]
}

function hangs({ rows, columns }: Region, map: Pair): boolean {
  return rows[0] < 0 || columns[0] < 0 || rows[1] > map[0] || columns[1] > map[1]
}

/** An interval as parts of the map. If it would be too small to see, it is widened about its middle. */
function share([first, end]: Pair, length: number, pixels: number): Pair {
  const [a, b] = [first / length, end / length]
  const more = Math.max(0, smallest / pixels - (b - a)) / 2
  return [a - more, b + more]
}

function within([a, b]: Pair, margin: number): Pair {
  const clamp = (value: number): number => Math.min(1 + margin, Math.max(-margin, value))
  return [clamp(a), clamp(b)]
}
