/** @file What the reader of an operator gets: one node's attributes and inputs, and how it adds layers. */
import type { LayerOptions, NetworkBuilder } from '../dataflow/networkBuilder.ts'
import { formatShape } from '../kinds/kind.ts'
import { elementCount, type Operation, type Shape } from '../network.ts'
import { Attributes } from './attributes.ts'
import { listOf, type OnnxConstant } from './constants.ts'
import type { GraphNode } from './graphNodes.ts'
import { inFull } from './repeating.ts'
import type { OnnxTensor, OnnxValue } from './values.ts'
import { arrangementOf, dimsOf, memoryAxes, type View, viewOf } from './views.ts'

/** Reads one node to its outputs. Throws what is wrong: an AppError with a sentence, or an Error with a clause. */
export type OperatorReader = (node: NodeReading) => OnnxValue | readonly OnnxValue[]

/** The axes of a map in the file, in the order of memory: rows, columns, channels. */
export const channelsFirst: readonly (readonly number[])[] = [[2], [3], [1]]

export class NodeReading {
  readonly node: GraphNode
  readonly attributes: Attributes
  /** An optional input that is not there is undefined. */
  readonly inputs: readonly (OnnxValue | undefined)[]
  /** The number of images that the file computes at once: one, unless it fixes another. */
  readonly batch: number
  readonly #builder: NetworkBuilder<OnnxValue>

  constructor(
    node: GraphNode,
    name: string,
    inputs: readonly (OnnxValue | undefined)[],
    batch: number,
    builder: NetworkBuilder<OnnxValue>,
  ) {
    this.node = node
    this.attributes = new Attributes(name, node.op, node.attributes)
    this.inputs = inputs
    this.batch = batch
    this.#builder = builder
  }

  /** The version of the operator set. */
  get version(): number {
    return this.node.version
  }

  /** An input; what the file repeats is repeated in memory. */
  value(index: number): OnnxValue {
    const value = this.inputs[index]
    if (!value) throw new Error(`it has no input ${index}`)
    return value.kind === 'tensor' ? inFull(this, value) : value
  }

  tensor(index: number): OnnxTensor {
    const value = this.inputs[index]
    if (value?.kind !== 'tensor') throw new Error(`its input ${index} does not depend on the image`)
    return inFull(this, value)
  }

  constant(index: number): OnnxConstant {
    const value = this.inputs[index]
    if (value?.kind !== 'constant')
      throw new Error(
        value
          ? `its input ${index} depends on the image, which Urpatch does not compute`
          : `it has no input ${index}`,
      )
    return value.constant
  }

  /** Whole numbers that say how, or null: a constant input. Some programs write an empty array for what is not given. */
  list(index: number): readonly number[] | null {
    const value = this.inputs[index]
    if (!value) return null
    const list = listOf(this.constant(index))
    return list.length === 0 ? null : list
  }

  /** See `NetworkBuilder.layer`; the output has the axes of a file that counts channels first. */
  map(
    op: Operation,
    input: OnnxTensor,
    weights: readonly OnnxConstant[] = [],
    options: LayerOptions = {},
  ): OnnxTensor {
    return this.layer(op, [input], [2, 0, 1], weights, options)
  }

  /** `axes`: for each axis of the output behind the batch, the axis of the layer's shape; null for one of length 1. */
  layer(
    op: Operation,
    inputs: readonly OnnxTensor[],
    axes: readonly (number | null)[],
    weights: readonly OnnxConstant[] = [],
    options: LayerOptions = {},
  ): OnnxTensor {
    const value = this.#builder.layer(op, inputs, weights, options)
    return { ...value, view: viewOf(value.shape, this.batch, axes) }
  }

  /** A layer that leaves every number in its place. */
  inPlace(
    op: Operation,
    input: OnnxTensor,
    weights: readonly OnnxConstant[] = [],
    options: LayerOptions = {},
  ): OnnxTensor {
    const value = this.#builder.layer(op, [input], weights, options)
    return { ...value, view: input.view, ...(input.placeless ? { placeless: true } : {}) }
  }

  /** Rows, columns and channels of a tensor of four axes, which a file counts channels first. */
  asMap(tensor: OnnxTensor): OnnxTensor {
    const dims = dimsOf(tensor.view)
    if (dims.length !== 4) throw new Error(`it needs a map of four axes, not ${formatShape(dims)}`)
    return this.arranged(tensor, channelsFirst)
  }

  /**
   * The tensor in a layer whose axes are `groups` of its own. No layer is added if its numbers lie so already; the axes of the
   * result stay those of the file.
   */
  arranged(
    tensor: OnnxTensor,
    groups: readonly (readonly number[])[],
    part: string | null = 'input',
  ): OnnxTensor {
    const { order, shape } = arrangementOf(tensor.view, groups)
    return this.reordered(tensor, order, shape.length === 0 ? [1] : shape, part)
  }

  /**
   * The tensor in a layer in which these axes of the file are axes of their own, and not parts of the channels. Such a layer has four
   * axes or more, so that it is not taken for a map.
   */
  apart(tensor: OnnxTensor, axes: readonly number[]): OnnxTensor {
    const { view, shape } = tensor
    const places = memoryAxes(view, shape)
    const own = new Set(axes.flatMap((axis) => view.axes[axis]!))
    const lengths = shape.map((_, axis): number[] => {
      const parts = [...places.keys()].filter((part) => part > 0 && places[part] === axis)
      return splitWhere(parts, (a, b) => own.has(a) !== own.has(b)).map((list) =>
        elementCount(list.map((part) => view.parts[part]!)),
      )
    })
    return this.reordered(tensor, [...view.parts.keys()].slice(1), asNoMap(lengths))
  }

  /** The tensor in a layer of shape `target` in which its parts, but the batch, lie in this order. */
  reordered(
    tensor: OnnxTensor,
    order: readonly number[],
    target: Shape,
    part: string | null = 'input',
  ): OnnxTensor {
    const isInOrder = order.every((one, i) => i === 0 || one > order[i - 1]!)
    if (isInOrder && formatShape(target) === formatShape(tensor.shape)) return tensor
    const op: Operation = isInOrder
      ? { kind: 'reshape', target }
      : flattens(tensor, order, target)
        ? { kind: 'flatten', channelsFirst: true }
        : { kind: 'rearrange', ...merged(tensor, order, target), target }
    return { ...this.inPlace(op, tensor, [], { part }), view: inOrder(tensor.view, order) }
  }
}

/** A list cut between neighbours that differ. */
export function splitWhere<T>(
  list: readonly T[],
  differ: (a: T, b: T) => boolean,
): readonly (readonly T[])[] {
  const pieces: T[][] = []
  for (const [i, one] of list.entries()) {
    if (i === 0 || differ(list[i - 1]!, one)) pieces.push([])
    pieces.at(-1)!.push(one)
  }
  return pieces
}

/** The lengths that each axis of a layer falls into as one shape: rows and columns stay in front of channels that are split. */
export function asNoMap(lengths: readonly (readonly number[])[]): Shape {
  const isSplit = lengths.some((list) => list.length > 1)
  const missing = Array.from({ length: isSplit ? Math.max(0, 3 - lengths.length) : 0 }, () => [1])
  return [...lengths.slice(0, -1), ...missing, ...lengths.slice(-1)].flatMap((list) =>
    list.length > 0 ? list : [1],
  )
}

/** Whether a map becomes a vector in the order of the file: channel, row, column. */
function flattens({ shape, view }: OnnxTensor, order: readonly number[], target: Shape): boolean {
  if (shape.length !== 3 || target.length !== 1) return false
  const places = memoryAxes(view, shape)
  const turned = order.map((part) => (places[part]! + 1) % 3)
  return turned.every(
    (place, i) =>
      i === 0 || place > turned[i - 1]! || (place === turned[i - 1]! && order[i]! > order[i - 1]!),
  )
}

/** Parts that stay side by side are one, as far as no axis of either shape ends between them. */
function merged(
  { view, shape }: OnnxTensor,
  order: readonly number[],
  target: Shape,
): { readonly split: Shape; readonly order: readonly number[] } {
  const before = memoryAxes(view, shape)
  const lengths = order.map((part) => view.parts[part]!)
  const after = memoryAxes({ parts: [view.parts[0]!, ...lengths], axes: [] }, target).slice(1)
  const begins = order
    .filter((part, i) => {
      const isNext = i > 0 && part === order[i - 1]! + 1
      return !isNext || before[part] !== before[part - 1] || after[i] !== after[i - 1]
    })
    .toSorted((a, b) => a - b)
  const split = begins.map((first, i) => elementCount(view.parts.slice(first, begins[i + 1])))
  return { split, order: order.flatMap((part) => (begins.includes(part) ? [begins.indexOf(part)] : [])) }
}

/** The view of the same tensor when its parts lie in this order. */
function inOrder(view: View, order: readonly number[]): View {
  const placeOf = new Map([[0, 0], ...order.map((part, i): [number, number] => [part, i + 1])])
  return {
    parts: [view.parts[0]!, ...order.map((part) => view.parts[part]!)],
    axes: view.axes.map((list) => list.map((part) => placeOf.get(part)!)),
  }
}
