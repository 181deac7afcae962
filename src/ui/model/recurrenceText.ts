/** @file The recurrence of the receptive field in words and numbers, for example to check homework. */
import type { Network, Pair } from '../../core/model/network.ts'
import type { RecurrenceRow } from '../../core/model/trace.ts'
import { inSentence } from '../../core/shownText.ts'
import { formatExtent, formatPair } from '../common/format.ts'

/**
 * Says how a layer's receptive field follows from that of the layer before it: `18 + (3 − 1) · 2 = 22`. If the formula
 * does not apply (joins, upsampling, global pooling), it uses words. `rows` are those of all layers from the input on.
 */
export function howItGrows(network: Network, rows: readonly RecurrenceRow[], at: number): string {
  const row = rows[at]!
  const layer = network.layers[row.layer]!
  if (row.whole) return 'every unit depends on the whole image'
  if (layer.inputs.length === 0) return 'a pixel is a pixel'
  const before = rows.filter((one) => layer.inputs.includes(one.layer))
  if (before.length > 1) return joined(before.length, row)
  const [from] = before
  if (!from) return `field ${formatExtent(row.size)}`
  if (row.kernel === null || !followsFormula(row, from)) return pointwise(row, from)
  const axes = sameOnBoth(row, from) ? [0] : [0, 1]
  return axes.map((axis) => sum(row, from, axis)).join(' and ')
}

function joined(branches: number, row: RecurrenceRow): string {
  return `joins ${branches} branches: together they see ${formatExtent(row.size)}`
}

function pointwise(row: RecurrenceRow, from: RecurrenceRow): string {
  const same = String(row.size) === String(from.size)
  const field = same ? `stays ${formatExtent(row.size)}` : `becomes ${formatExtent(row.size)}`
  return String(row.jump) === String(from.jump) ? field : `${field}, step ${formatPair(row.jump)}`
}

function sum({ kernel, dilation, size }: RecurrenceRow, from: RecurrenceRow, axis: number): string {
  const dilated = dilation[axis] === 1 ? '' : ` · ${dilation[axis]}`
  return `${from.size[axis]} + (${kernel![axis]} − 1)${dilated} · ${from.jump[axis]} = ${size[axis]}`
}

/** Whether the formula holds. It does not for transposed convolutions and others with a kernel but another rule. */
function followsFormula({ kernel, dilation, size }: RecurrenceRow, from: RecurrenceRow): boolean {
  return [0, 1].every(
    (axis) => size[axis] === from.size[axis]! + (kernel![axis]! - 1) * dilation[axis]! * from.jump[axis]!,
  )
}

function sameOnBoth(row: RecurrenceRow, from: RecurrenceRow): boolean {
  const same = (pair: Pair): boolean => pair[0] === pair[1]
  return same(row.kernel!) && same(row.dilation) && same(from.size) && same(from.jump)
}

/** Sentences with the numbers of the last row, which is the layer that the user looks at. */
export function recurrenceSentence(network: Network, rows: readonly RecurrenceRow[]): string {
  const row = rows.at(-1)!
  const name = inSentence(network.layers[row.layer]!.name)
  const window = row.kernel ? ` (${formatExtent(row.kernel)}, stride ${formatPair(row.stride!)})` : ''
  const how = howItGrows(network, rows, rows.length - 1)
  if (row.whole) return `${name}: ${how}.`
  return `${name}${window}: ${how}. A unit sees ${formatExtent(row.size)} pixels of the input; from unit to unit they move by ${formatPair(row.jump)}.`
}
