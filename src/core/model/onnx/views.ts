/**
 * @file How a tensor of the file lies in memory. Files of PyTorch count batch, channel, row, column; a `Network` keeps rows,
 * columns, channels. So the axes of a tensor are not those of the layer that holds it: each is a list of *parts* of the
 * layer's memory. Reshape and Transpose only change the lists, and no number moves until an operation needs it: heads of
 * attention, groups of channels and tokens are views, as `[N, C, H, W]` itself is.
 */
import type { Shape } from '../network.ts'
import { elementCount } from '../network.ts'

export interface View {
  /**
   * The lengths that the memory falls into, in its order. The first is the batch: one image, or as many as the file fixes.
   * No other part has length 1.
   */
  readonly parts: readonly number[]
  /** For each axis of the tensor the parts that it is made of, the outermost first. */
  readonly axes: readonly (readonly number[])[]
}

const batchPart = 0

/** The view of a layer's output of `shape`; `axes` are the axes of `shape` behind the batch, in the order of the file. */
export function viewOf(shape: Shape, batch: number, axes: readonly (number | null)[]): View {
  const partOf = new Map<number, number>()
  const parts = [batch]
  for (const [axis, length] of shape.entries()) if (length !== 1) partOf.set(axis, parts.push(length) - 1)
  const lists = axes.map((axis) => {
    const part = axis === null ? undefined : partOf.get(axis)
    return part === undefined ? [] : [part]
  })
  return { parts, axes: [[batchPart], ...lists] }
}

/** The tensor's shape in the file, with the batch. */
export function dimsOf({ parts, axes }: View): readonly number[] {
  return axes.map((list) => list.reduce((product, part) => product * parts[part]!, 1))
}

/** Whether images are apart from each other: the batch is the first axis, and nothing else is in it. */
export function isByImage({ axes }: View): boolean {
  return axes[0]?.length === 1 && axes[0][0] === batchPart
}

/**
 * With the only image of a batch of one before all else. Files of tokens may have it anywhere, as its axis of length 1 goes
 * with others through Transpose and Reshape.
 */
export function imageFirst({ parts, axes }: View): View {
  if (parts[batchPart] !== 1) return { parts, axes }
  const [first = [], ...rest] = axes.map((list) => list.filter((part) => part !== batchPart))
  return { parts, axes: [[batchPart, ...first], ...rest] }
}

export function permutedView(view: View, order: readonly number[]): View {
  return { ...view, axes: order.map((axis) => view.axes[axis]!) }
}

/** With new axes of length 1 at these places of the result. */
export function unsqueezedView({ parts, axes }: View, places: readonly number[]): View {
  const lists = [...axes]
  for (const place of places.toSorted((a, b) => a - b)) {
    const next = lists[place]
    // The single image of a batch of one gets its axis back.
    const isBatch = parts[batchPart] === 1 && next?.[0] === batchPart && next.length > 1
    lists.splice(place, isBatch ? 1 : 0, ...(isBatch ? [[batchPart], next.slice(1)] : [[]]))
  }
  return { parts, axes: lists }
}

/** Without these axes, which have to be of length 1. */
export function squeezedView({ parts, axes }: View, places: readonly number[]): View {
  const lists = [...axes]
  for (const place of places.toSorted((a, b) => b - a)) {
    const [gone] = lists.splice(place, 1)
    if (!gone || gone.length === 0) continue
    // The single image of a batch of one goes with its neighbour.
    const to = Math.min(place, lists.length - 1)
    // A number without axes keeps that of its image.
    if (to < 0) lists.push(gone)
    else lists[to] = [...gone, ...lists[to]!]
  }
  return { parts, axes: lists }
}

/** The same numbers in the same order with other axes; null if an axis would end in the midst of a part. */
export function reshapedView(view: View, target: readonly number[]): View | null {
  let { parts } = view
  /** What is not dealt out yet. */
  let queue = view.axes.flat()
  const axes: (readonly number[])[] = []
  for (const length of target) {
    const list: number[] = []
    let left = length
    while (queue.length > 0) {
      const part = queue[0]!
      const own = parts[part]!
      // The single image of a batch of one goes where the file has a place for it.
      const takes = own === 1 ? length === 1 || left > 1 : left > 1
      if (!takes) break
      if (left % own === 0) {
        left /= own
        list.push(part)
        queue = queue.slice(1)
        if (own === 1 && length === 1) break
      } else if (own % left === 0 && part !== batchPart) {
        // The part is split: everything behind it counts one more.
        parts = parts.toSpliced(part, 1, left, own / left)
        const moved = (one: number): number => (one > part ? one + 1 : one)
        for (const [i, done] of axes.entries()) axes[i] = done.map(moved)
        queue = [part + 1, ...queue.slice(1).map(moved)]
        list.splice(0, list.length, ...list.map(moved), part)
        left = 1
      } else return null
    }
    if (left !== 1) return null
    axes.push(list)
  }
  // A single image at the end belongs to the axis before it.
  if (queue.length === 1 && parts[queue[0]!] === 1 && axes.length > 0) axes.push([...axes.pop()!, queue[0]!])
  else if (queue.length > 0) return null
  return { parts, axes }
}

/**
 * The order in which the parts have to lie in memory so that each of `groups`, lists of the tensor's axes, is one axis of it;
 * and the lengths of these. Throws a plain Error if images would be mixed.
 */
export function arrangementOf(
  { parts, axes }: View,
  groups: readonly (readonly number[])[],
): { readonly order: readonly number[]; readonly shape: Shape } {
  const lists = groups.map((group) =>
    group.flatMap((axis) => axes[axis]!).filter((part) => part !== batchPart || parts[batchPart] !== 1),
  )
  if (lists.flat().includes(batchPart)) throw new Error('it mixes images of the batch')
  return {
    order: lists.flat(),
    shape: lists.map((list) => elementCount(list.map((part) => parts[part]!))),
  }
}

/** The axis of the layer's `shape` in which each part lies; -1 is the batch. */
export function memoryAxes({ parts }: View, shape: Shape): readonly number[] {
  const found = [-1]
  let [axis, left] = [-1, 1]
  for (const length of parts.slice(1)) {
    while (left === 1) left = shape[++axis]!
    found.push(axis)
    left /= length
  }
  return found
}
