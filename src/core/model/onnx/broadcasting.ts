/** @file Tensors and constants side by side, as elementwise operators match them: from the last axis of the file's shapes. */
import { formatShape } from '../kinds/kind.ts'
import { elementCount, type Shape } from '../network.ts'
import { broadcastShape, expanded, type OnnxConstant, permuted, reshaped } from './constants.ts'
import { asNoMap, type NodeReading, splitWhere } from './nodeReading.ts'
import type { OnnxTensor } from './values.ts'
import { dimsOf, memoryAxes, type View } from './views.ts'

/**
 * A constant as it lies in the memory of the layer: with as many axes, of length 1 where it says the same to all. Throws if it
 * would widen the tensor.
 */
export function besideTensor(constant: OnnxConstant, { view, shape }: OnnxTensor): OnnxConstant {
  const dims = dimsOf(view)
  const own = [...Array<number>(Math.max(0, dims.length - constant.shape.length)).fill(1), ...constant.shape]
  const extra = own.length - dims.length
  const lengths = own.slice(extra)
  const fits = lengths.every((n, axis) => n === 1 || n === dims[axis])
  if (!fits || own.slice(0, extra).some((n) => n !== 1))
    throw new Error(`its constant of shape ${formatShape(constant.shape)} does not fit ${formatShape(dims)}`)
  const listed = view.axes.flatMap((list, axis) => list.map((part) => ({ part, wide: lengths[axis] !== 1 })))
  if (listed.some(({ part, wide }) => part === 0 && wide && view.parts[0] !== 1))
    throw new Error('its constant differs from image to image')
  const own1 = listed.map(({ part, wide }) => (wide ? view.parts[part]! : 1))
  const order = [...listed.keys()].toSorted((a, b) => listed[a]!.part - listed[b]!.part)
  const inMemory = permuted(reshaped(constant, own1), order)
  return reshaped(...inWholeAxes(inMemory, view, shape))
}

/** If a constant differs along some parts of an axis of memory only, it is repeated along the others. */
function inWholeAxes(inMemory: OnnxConstant, view: View, shape: Shape): [OnnxConstant, Shape] {
  const places = memoryAxes(view, shape)
  const isWide = (axis: number): boolean =>
    inMemory.shape.some((n, part) => part > 0 && places[part] === axis && n !== 1)
  const full = inMemory.shape.map((n, part) => (part > 0 && isWide(places[part]!) ? view.parts[part]! : n))
  const whole = formatShape(full) === formatShape(inMemory.shape) ? inMemory : expanded(inMemory, full)
  return [whole, shape.map((length, axis) => (isWide(axis) ? length : 1))]
}

/** A part of the common shape: the axis, counted as in the file's result, and which of its parts. */
interface Slot {
  readonly axis: number
  readonly index: number
  readonly length: number
}

/**
 * The tensors in layers whose memory matches as that of NumPy's arrays would, and the view of what is computed of them. Layers are
 * added where their numbers lie in another order.
 */
export function broadcastTensors(
  reading: NodeReading,
  tensors: readonly OnnxTensor[],
): { readonly tensors: readonly OnnxTensor[]; readonly view: View } {
  const dims = broadcastShape(tensors.map(({ view }) => dimsOf(view)))
  const aligned = tensors.map(({ view }) => alignedAxes(view, dims.length))
  const common = dims.map((_, axis) =>
    aligned
      .map((axes, i): readonly number[] =>
        axes[axis]!.filter((part) => part !== 0).map((part) => tensors[i]!.view.parts[part]!),
      )
      .reduce(refined),
  )
  const views = tensors.map(({ view }, i) => splitView({ ...view, axes: aligned[i]! }, common))
  const slots = tensors.map((tensor, i) => slotsOf(views[i]!, common, tensor))
  const reference = slots.reduce((best, list, i) => (list.length > slots[best]!.length ? i : best), 0)
  const order = commonOrder(slots, reference)
  const rank = tensors[reference]!.shape.length
  const batch = reading.batch
  // An axis of which some tensors have a part only is as many axes as there are such parts.
  const has = (slot: Slot): string => slots.map((list) => list.some((one) => isSame(one, slot))).join()
  const groups = Array.from({ length: rank }, (_, axis) =>
    splitWhere(
      order.filter(({ role }) => role === axis + 3 - rank),
      (a, b) => has(a) !== has(b),
    ),
  )
  const result = tensors.map((tensor, i) => {
    const own = slots[i]!
    const placed = order.flatMap((slot) => own.filter((one) => isSame(one, slot)))
    const lengths = groups.map((pieces) =>
      pieces.map((piece) => {
        const present = piece.filter((slot) => own.some((one) => isSame(one, slot)))
        return elementCount(present.map(({ length }) => length))
      }),
    )
    const target = asNoMap(lengths)
    const isVector = tensor.shape.length === 1 && target.slice(0, -1).every((n) => n === 1)
    return reading.reordered(
      { ...tensor, view: views[i]! },
      placed.map(({ part }) => part),
      isVector ? target.slice(-1) : target,
    )
  })
  const axes = dims.map((_, axis) =>
    order.flatMap((slot, i) => (slot.axis === axis ? [{ ...slot, part: i + 1 }] : [])),
  )
  const view = {
    parts: [batch, ...order.map(({ length }) => length)],
    axes: axes.map((list, axis) => [
      ...(aligned[reference]![axis]!.includes(0) ? [0] : []),
      ...list.toSorted((a, b) => a.index - b.index).map(({ part }) => part),
    ]),
  }
  return { tensors: result, view }
}

/** With axes of length 1 before, as many as are missing. */
function alignedAxes({ axes }: View, rank: number): View['axes'] {
  return [...Array.from({ length: rank - axes.length }, () => []), ...axes]
}

/** Lengths that both lists can be made of by taking neighbours together; an empty list is an axis of length 1. */
function refined(a: readonly number[], b: readonly number[]): readonly number[] {
  const [left, right] = [[...a], [...b]]
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left
  const list: number[] = []
  while (left.length > 0 && right.length > 0) {
    const length = Math.min(left[0]!, right[0]!)
    for (const side of [left, right]) {
      const rest = side.shift()! / length
      if (!Number.isInteger(rest)) throw new Error('it joins axes that are split in different ways')
      if (rest > 1) side.unshift(rest)
    }
    list.push(length)
  }
  return list
}

/** The view with parts split so that each axis is made of these lengths. */
function splitView({ parts, axes }: View, lengths: readonly (readonly number[])[]): View {
  const pieces = new Map<number, readonly number[]>([[0, [parts[0]!]]])
  for (const [axis, list] of axes.entries()) {
    const queue = [...lengths[axis]!]
    for (const part of list) {
      if (part === 0) continue
      const own: number[] = []
      for (let left = parts[part]!; left > 1; left /= own.at(-1)!) own.push(queue.shift()!)
      pieces.set(part, own)
    }
  }
  const starts = new Map<number, number>()
  const all: number[] = []
  for (const part of parts.keys()) {
    starts.set(part, all.length)
    all.push(...(pieces.get(part) ?? [parts[part]!]))
  }
  const moved = (part: number): readonly number[] =>
    (pieces.get(part) ?? [0]).map((_, i) => starts.get(part)! + i)
  return { parts: all, axes: axes.map((list) => list.flatMap(moved)) }
}

/** A slot with the part of a tensor that it is; `role` 0, 1, 2: of rows, columns, channels. */
interface OwnSlot extends Slot {
  readonly part: number
  readonly role: number
}

/** In the order of the tensor's memory. */
function slotsOf(
  view: View,
  lengths: readonly (readonly number[])[],
  { shape }: OnnxTensor,
): readonly OwnSlot[] {
  const places = memoryAxes(view, shape)
  return view.axes
    .flatMap((list, axis) =>
      list
        .filter((part) => part !== 0)
        .map((part, index) => ({
          axis,
          index,
          length: lengths[axis]![index]!,
          part,
          role: places[part]! + 3 - shape.length,
        })),
    )
    .toSorted((a, b) => a.part - b.part)
}

function isSame(a: Slot, b: Slot): boolean {
  return a.axis === b.axis && a.index === b.index
}

/** That of the reference, with what others have besides before the first that is further inside. */
function commonOrder(slots: readonly (readonly OwnSlot[])[], reference: number): readonly OwnSlot[] {
  const order = [...slots[reference]!]
  for (const list of slots)
    for (const slot of list) {
      if (order.some((one) => isSame(one, slot))) continue
      const at = order.findIndex(({ role }) => role > slot.role)
      order.splice(at === -1 ? order.length : at, 0, slot)
    }
  return order
}
