/** @file Attributes that convolutions and pooling share: NHWC order, strides, padding. */
import type { Padding, Pair } from '../../network.ts'
import type { NodeReading } from '../nodeReading.ts'

/** Refuses nodes that are not in the order batch, rows, columns, channels. */
export function channelsLast({ attributes }: NodeReading): void {
  const format = attributes.text('data_format', 'NHWC')
  if (format !== 'NHWC') attributes.refuse('data_format', format)
  const filter = attributes.text('filter_format', 'HWIO')
  if (filter !== 'HWIO') attributes.refuse('filter_format', filter)
}

/** Rows and columns of `[1, rows, columns, 1]`; `[1, 1]` if the node says nothing. */
export function spatial({ attributes }: NodeReading, key: string): Pair {
  const all = attributes.integers(key)
  if (all.length === 0) return [1, 1]
  if (all.length !== 4 || all[0] !== 1 || all[3] !== 1) attributes.refuse(key, all)
  return [all[1]!, all[2]!]
}

export interface Margins {
  readonly rows: Pair
  readonly columns: Pair
}

/** The padding; `margins` are zeros that have to be added before if it is explicit. */
export function padding({ attributes }: NodeReading): { padding: Padding; margins: Margins | null } {
  const name = attributes.text('padding', 'VALID')
  const explicit = attributes.integers('explicit_paddings')
  if (name === 'SAME' || name === 'VALID')
    return { padding: name === 'SAME' ? 'same' : 'valid', margins: null }
  const [, , top, bottom, left, right] = explicit
  if (name !== 'EXPLICIT' || explicit.length !== 8 || [0, 1, 6, 7].some((i) => explicit[i] !== 0))
    attributes.refuse('padding', name === 'EXPLICIT' ? explicit : name)
  return { padding: 'valid', margins: { rows: [top!, bottom!], columns: [left!, right!] } }
}

export function isNothing({ rows, columns }: Margins): boolean {
  return [...rows, ...columns].every((n) => n === 0)
}
