/** @file Cuts of layers with windows: `same` padding and the border of the map become margins, which say what is there. */
import type { Interval } from '../../model/kinds/kind.ts'
import {
  marginsOf,
  paddingBefore,
  paddingOf,
  span,
  type Window,
  windowReachWithin,
} from '../../model/kinds/windows.ts'
import type { OperationOf, Padding, Pair } from '../../model/network.ts'
import { type Along, alongBoth, type Asked, type Cut, lengthOf, within } from './cut.ts'

type Windowed = 'conv' | 'depthwiseConv' | 'separableConv' | 'pool'

/** The margins that the windows of some units have around what they see of the map. */
function windowAlong(
  op: Window,
  asked: Pick<Asked<Windowed>, 'inputs' | 'output'>,
  axis: 0 | 1,
  units: Interval,
): Along<Pair> | null {
  const length = asked.inputs[0]![axis]!
  const seen = windowReachWithin(op, { axis, input: 0, ...asked }, units)
  const want = within(seen as Interval, length)
  // Windows that see nothing but padding.
  if (!want) return null
  const stride = op.strides[axis]
  const before = paddingBefore(op, axis, length) + want[0] - units[0] * stride
  const taken = (lengthOf(units) - 1) * stride + span(op, axis)
  return { want, area: units, told: [before, taken - before - lengthOf(want)] }
}

function paddingOfMargins(rows: Pair, columns: Pair): Padding {
  return Math.max(...rows, ...columns) === 0 ? 'valid' : { rows, columns }
}

export function cutWindow<K extends 'conv' | 'depthwiseConv' | 'separableConv'>(
  asked: Asked<K>,
): Cut<K> | null {
  const op: Window = asked.op
  return alongBoth(
    asked,
    (axis, units) => windowAlong(op, asked, axis, units),
    (rows, columns) => ({ ...asked.op, padding: paddingOfMargins(rows, columns) }),
  )
}

/** Zeros that count in a mean go on to do so, and those that do not, do not. */
export function cutPool(asked: Asked<'pool'>): Cut<'pool'> | null {
  const { counted, ...op } = asked.op
  return alongBoth<'pool', { readonly margins: Pair; readonly counted: Pair }>(
    asked,
    (axis, units, length) => {
      const along = windowAlong(op, asked, axis, units)
      if (!along) return null
      const margins = along.told
      const own = counted ? (axis === 0 ? counted.rows : counted.columns) : ([0, 0] as const)
      // No tap falls on places that are left out between the margin and what is taken, so they may count or not.
      const before = Math.min(margins[0], own[0] + along.want[0])
      const after = Math.min(margins[1], own[1] + length - along.want[1])
      return { ...along, told: { margins, counted: [before, after] } }
    },
    (rows, columns) => {
      const padding = paddingOfMargins(rows.margins, columns.margins)
      const inner = { rows: rows.counted, columns: columns.counted }
      return { ...op, padding, ...(counted && padding !== 'valid' ? { counted: inner } : {}) }
    },
  )
}

/** Unit `o` is made of the units `i` of the input with `i·stride − before ≤ o < i·stride − before + span`. */
export function cutTransposed(asked: Asked<'transposedConv'>): Cut<'transposedConv'> | null {
  const { op, output } = asked
  return alongBoth<'transposedConv', { readonly margins: Pair; readonly extra: number }>(
    asked,
    (axis, units, length) => {
      const stride = op.strides[axis]
      const reach = span(op, axis)
      const before = beforeTransposed(op, axis, output[axis]!)
      // From the first that reaches a unit, or the last before it if the stride is larger than the kernel.
      const low = Math.min(
        Math.ceil((units[0] + before - reach + 1) / stride),
        Math.floor((units[0] + before) / stride),
      )
      const want = within([low, Math.floor((units[1] - 1 + before) / stride) + 1], length)
      if (!want) return null
      const front = before + units[0] - want[0] * stride
      if (front < 0) return null
      const end = (lengthOf(want) - 1) * stride + reach - front - lengthOf(units)
      return {
        want,
        area: units,
        told: { margins: [front, Math.max(end, 0)], extra: Math.max(-end, 0) },
      }
    },
    (rows, columns): OperationOf<'transposedConv'> => ({
      ...op,
      padding: { rows: rows.margins, columns: columns.margins },
      outputPadding: [rows.extra, columns.extra],
    }),
  )
}

/** What is cut off in front of the output. */
function beforeTransposed(op: OperationOf<'transposedConv'>, axis: 0 | 1, length: number): number {
  return op.padding === 'same' ? Math.floor(paddingOf(op, axis, length) / 2) : marginsOf(op, axis)[0]
}
