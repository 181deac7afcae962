/** @file Cuts of layers that move, add, drop or repeat rows and columns. */
import { kindOf } from '../../model/kinds/index.ts'
import type { Interval, LayerKind } from '../../model/kinds/kind.ts'
import type { Pair } from '../../model/network.ts'
import {
  type Along,
  alongBoth,
  type Area,
  type Asked,
  type Cut,
  lengthOf,
  samePlaces,
  within,
} from './cut.ts'

export function cutPad(asked: Asked<'pad'>): Cut<'pad'> | null {
  const { op } = asked
  // What goes on at the other end takes both ends.
  if (op.mode === 'wrap') return null
  return alongBoth<'pad', Pair>(
    asked,
    (axis, units, length) => padAlong(op.mode, axis === 0 ? op.rows : op.columns, units, length),
    (rows, columns) => ({ ...op, rows, columns }),
  )
}

type PadMode = Asked<'pad'>['op']['mode']

function padAlong(mode: PadMode, [before]: Pair, units: Interval, length: number): Along<Pair> {
  const [first, end] = [units[0] - before, units[1] - before]
  /** How many places from the edge on are in so many of the border. */
  const mirrored = (border: number): number =>
    mode === 'constant' || mode === 'edge' ? 1 : mode === 'symmetric' ? border : border + 1
  const [front, back] = [Math.max(-first, 0), Math.max(end - length, 0)]
  const low = front > 0 ? 0 : back > 0 ? Math.min(first, length - mirrored(back)) : first
  const high = back > 0 ? length : front > 0 ? Math.max(end, mirrored(front)) : end
  const want = within([low, high], length)!
  return {
    want,
    area: [front > 0 ? units[0] : want[0] + before, back > 0 ? units[1] : want[1] + before],
    told: [front, back],
  }
}

export function cutCrop(asked: Asked<'crop'>): Cut<'crop'> | null {
  const { op } = asked
  return alongBoth<'crop', null>(
    asked,
    (axis, units) => {
      const [before] = axis === 0 ? op.rows : op.columns
      return { want: [units[0] + before, units[1] + before], area: units, told: null }
    },
    () => ({ kind: 'crop', rows: [0, 0], columns: [0, 0] }),
  )
}

export function cutSlice(asked: Asked<'slice'>): Cut<'slice'> | null {
  const { op } = asked
  if (op.axis > 1) return samePlaces(asked)
  return alongBoth<'slice', { readonly start: number; readonly count: number }>(
    asked,
    (axis, units) => {
      if (axis !== op.axis) return { want: units, area: units, told: op }
      const [first, last] = [op.start + units[0] * op.step, op.start + (units[1] - 1) * op.step]
      const low = Math.min(first, last)
      const want: Interval = [low, Math.max(first, last) + 1]
      return { want, area: units, told: { start: first - low, count: lengthOf(units) } }
    },
    (rows, columns) => {
      const { start, count } = op.axis === 0 ? rows : columns
      return { ...op, start, count }
    },
  )
}

/** Maps joined along rows or columns: those that have none of what is asked for are left out. */
export function cutConcat(asked: Asked<'concat'>): Cut<'concat'> | null {
  const { op, inputs, area } = asked
  const along = op.axis - 1
  if (along !== 0 && along !== 1) return samePlaces(asked)
  let before = 0
  const wants = inputs.map((input): Area | null => {
    const length = input[along]!
    const part = within([area[along][0] - before, area[along][1] - before], length)
    before += length
    return part && (along === 0 ? [part, area[1]] : [area[0], part])
  })
  return { op, area, wants }
}

export function cutDepthToSpace(asked: Asked<'depthToSpace'>): Cut<'depthToSpace'> | null {
  const { op } = asked
  return alongBoth(
    asked,
    (axis, units) => enlargedAlong(asked, axis, units, op.block),
    () => op,
  )
}

export function cutUpsample(asked: Asked<'upsample'>): Cut<'upsample'> | null {
  const { op } = asked
  return alongBoth(
    asked,
    (axis, units) => enlargedAlong(asked, axis, units, op.size[axis]),
    () => op,
  )
}

export function cutResize(asked: Asked<'resize'>): Cut<'resize'> | null {
  const { op } = asked
  if (op.centers === 'align-corners') return null
  return alongBoth<'resize', number>(
    asked,
    (axis, units, length) => {
      const times = op.to[axis] / length
      return isEven(times) ? enlargedAlong(asked, axis, units, times) : null
    },
    (rows, columns) => ({ ...op, to: [rows, columns] }),
  )
}

export function cutInterpolate(asked: Asked<'interpolate'>): Cut<'interpolate'> | null {
  const { op } = asked
  if (op.coordinates === 'align_corners') return null
  return alongBoth<'interpolate', number>(
    asked,
    (axis, units, length) => {
      const times = op.scales[axis]
      return isEven(times) && op.to[axis] === length * times ? enlargedAlong(asked, axis, units, times) : null
    },
    (rows, columns) => ({ ...op, to: [rows, columns] }),
  )
}

/** By a factor like this the same is done at every place, and its fractions are exact. */
function isEven(times: number): boolean {
  return Number.isInteger(Math.log2(times)) && times >= 1
}

/**
 * Each place that is taken becomes so many, by the same rule everywhere. Next to a border of the cut a place is mixed with others
 * that are missing there, but nobody asks for those. Tells the length of what is made.
 */
function enlargedAlong<K extends 'depthToSpace' | 'upsample' | 'resize' | 'interpolate'>(
  { op, inputs, output }: Asked<K>,
  axis: 0 | 1,
  units: Interval,
  times: number,
): Along<number> | null {
  const kind: LayerKind<K> = kindOf<K>(op)
  const edge = { axis, input: 0, inputs, output }
  const reach = (kind.reachWithin ?? kind.reach)(op, edge, units) as Interval
  const want = within(reach, inputs[0]![axis]!)
  return want && { want, area: [want[0] * times, want[1] * times], told: lengthOf(want) * times }
}
