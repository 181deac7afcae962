/** @file Which part of the input a patch shows: as the unit sees it, or of wide fields only what lies in the image. */
import type { Pair } from '../model/network.ts'
import type { Box, ReceptiveField } from '../model/receptiveField.ts'

/**
 * Whether the patches of a layer are mostly padding: where a field is wider than half of the image, hardly a unit sees
 * nothing but image.
 */
export function isWideField(
  field: Pick<ReceptiveField, 'size' | 'whole'> | null | undefined,
  inputSize: Pair,
): boolean {
  return !!field && !field.whole && field.size.some((size, axis) => size > inputSize[axis]! / 2)
}

/**
 * Of a box that hangs over the edge the largest square that lies in the image, as near to the middle of the box as can be;
 * other boxes, and those that see nothing of the image, as they are.
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

/** Where an interval of this length within `bounds` begins, so that it is near to where it would like to. */
function nearest(wanted: number, [first, end]: Pair, length: number): number {
  return Math.min(end - length, Math.max(first, Math.floor(wanted)))
}
