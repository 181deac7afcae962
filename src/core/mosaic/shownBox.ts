/**
 * @file Decides which part of the input a patch shows: the whole receptive field or, if that is wide, only a part that
 * lies in the image.
 */
import type { Pair } from '../model/network.ts'
import type { Box, ReceptiveField } from '../model/receptiveField.ts'

/**
 * Whether many patches of a layer show padding: if the receptive field is larger than half of the image, most units see
 * beyond its edge.
 */
export function isWideField(
  field: Pick<ReceptiveField, 'size' | 'whole'> | null | undefined,
  inputSize: Pair,
): boolean {
  return !!field && !field.whole && field.size.some((size, axis) => size > inputSize[axis]! / 2)
}

/**
 * Cuts a box that reaches beyond the image down to the largest square that lies in both, as near to the box's middle as
 * possible. Boxes inside the image, and those that see nothing of it, stay as they are.
 */
export function boxToEdge(box: Box, [height, width]: Pair): Box {
  const [top, left, bottom, right] = box
  const rows: Pair = [Math.max(0, top), Math.min(height, bottom)]
  const columns: Pair = [Math.max(0, left), Math.min(width, right)]
  const side = Math.min(rows[1] - rows[0], columns[1] - columns[0])
  if (side <= 0 || (top >= 0 && left >= 0 && bottom <= height && right <= width)) return box
  const firstRow = nearest((top + bottom - side) / 2, rows, side)
  const firstColumn = nearest((left + right - side) / 2, columns, side)
  return [firstRow, firstColumn, firstRow + side, firstColumn + side]
}

/** The start of an interval of this length that lies within the bounds and begins as near to `wanted` as possible. */
function nearest(wanted: number, [first, end]: Pair, length: number): number {
  return Math.min(end - length, Math.max(first, Math.floor(wanted)))
}
