/** @file What people are told of layers whose units see the whole image and stand for a part of it, their seat. */
import type { ReceptiveField } from '../../core/model/receptiveField.ts'
import { formatExtent } from '../common/format.ts'

export function seatNote({ size }: Pick<NonNullable<ReceptiveField['seat']>, 'size'>): string {
  return `A unit sees the whole image; its patch is cut at its seat, the ${formatExtent(size)} pixels that it stands for.`
}
