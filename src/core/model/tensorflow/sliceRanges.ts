/** @file The masks of TensorFlow's StridedSlice: https://www.tensorflow.org/api_docs/python/tf/strided_slice */
import type { GraphNode } from './graphDef.ts'
import { lengthsOf, numbersOf, type Value } from '../dataflow/values.ts'

/** `[start, end)` of an axis; `shrink`: one element, and the axis goes away. */
export interface SliceRange {
  readonly start: number
  readonly end: number
  readonly shrink: boolean
}

/** The end that programs write for an axis that is taken to its end. */
const furthest = 2 ** 31 - 1

/**
 * One range for each axis of `shape`. The axis `'batch'` may only be taken whole; `batch` is the number of images if the
 * file fixes it. Throws a plain Error otherwise.
 */
export function sliceRanges(
  node: GraphNode,
  inputs: readonly Value[],
  shape: readonly (number | 'batch')[],
  batch: number | null,
): readonly SliceRange[] {
  const { attributes } = node
  for (const mask of ['ellipsis_mask', 'new_axis_mask'])
    if (attributes.integer(mask, 0) !== 0) attributes.refuse(mask, attributes.integer(mask, 0))
  const [begin, end] = [lengthsOf(inputs[1]).lengths, lengthsOf(inputs[2]).lengths]
  if (numbersOf(inputs[3]).some((step) => step !== 1)) attributes.refuse('strides', numbersOf(inputs[3]))
  const masked = (mask: string, axis: number): boolean => ((attributes.integer(mask, 0) >> axis) & 1) === 1
  return shape.map((length, axis) => {
    const [from, to] = [begin[axis], end[axis]]
    const fromStart = from === undefined || masked('begin_mask', axis)
    const toEnd = to === undefined || masked('end_mask', axis)
    const shrink = from !== undefined && masked('shrink_axis_mask', axis)
    if (length === 'batch') {
      if (
        shrink ||
        !(fromStart || from === 0) ||
        !(toEnd || to === 'batch' || to === batch || to! >= furthest)
      )
        throw new Error('it takes some images of the batch')
      return { start: 0, end: 0, shrink: false }
    }
    const index = (n: number | 'batch'): number => {
      if (n === 'batch') throw new Error('it depends on the number of images')
      return Math.min(Math.max(n < 0 ? n + length : n, 0), length)
    }
    const start = fromStart && !shrink ? 0 : index(from!)
    return { start, end: shrink ? start + 1 : toEnd ? length : index(to), shrink }
  })
}
