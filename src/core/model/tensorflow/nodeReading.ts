/** @file What the reader of an operation gets: one node's attributes and inputs, and how it adds layers. */
import { formatShape } from '../kinds/kind.ts'
import { kindOf } from '../kinds/index.ts'
import { type Operation, type Shape, elementCount, type SupportedLayer, type WeightSpec } from '../network.ts'
import type { Attributes } from './attributes.ts'
import type { GraphNode } from './graphDef.ts'
import { type GraphConstant, networkShape, type TensorValue, type Value } from '../dataflow/values.ts'

/** Adds layers to the network that is being built. */
export interface LayerSink {
  /** `part` names what is only a step of the node; null is the node's own output. */
  add(
    layer: Omit<SupportedLayer, 'name' | 'className'>,
    constants: readonly GraphConstant[],
    part: string | null,
  ): number
  shapeOf(layer: number): Shape
}

/** Reads one node to its outputs. Throws what is wrong: an AppError with a sentence, or an Error with a clause. */
export type OperationReader = (node: NodeReading) => Value | readonly Value[]

export class NodeReading {
  readonly node: GraphNode
  readonly attributes: Attributes
  readonly inputs: readonly Value[]
  /** What the file says, null where the number of images is open. */
  readonly batch: number | null
  readonly #sink: LayerSink

  constructor(node: GraphNode, inputs: readonly Value[], batch: number | null, sink: LayerSink) {
    this.node = node
    this.attributes = node.attributes
    this.inputs = inputs
    this.batch = batch
    this.#sink = sink
  }

  tensor(index: number): TensorValue {
    const value = this.inputs[index]
    if (value?.kind === 'spaced') throw new Error('it reads a batch that SpaceToBatchND has rearranged')
    if (value?.kind === 'alone') throw new Error('it works on one image without the axis of the batch')
    if (value?.kind !== 'tensor') throw new Error(`its input ${index} does not depend on the image`)
    return value
  }

  constant(index: number): GraphConstant {
    const value = this.inputs[index]
    if (value?.kind !== 'constant') throw new Error(`its input ${index} is no constant`)
    return value.constant
  }

  /**
   * A layer that computes `op` on the inputs. `weights` are in the order of the kind's; their shapes may differ in
   * axes of length 1. `shape`: the graph's, where it is not the network's.
   */
  layer(
    op: Operation,
    inputs: readonly TensorValue[],
    weights: readonly GraphConstant[] = [],
    { part = null, note, shape }: { part?: string | null; note?: string | undefined; shape?: Shape } = {},
  ): TensorValue {
    const from = inputs.map((input) => this.#asInGraph(input))
    const shapes = from.map((layer) => this.#sink.shapeOf(layer))
    const kind = kindOf(op)
    const result = kind.shape(op, shapes)
    const specs = kind.weights(op, shapes[0]!)
    const constants = specs.map((spec, i) => fitted(weights[i], spec))
    const added = { inputs: from, op, shape: result, weights: specs, ...(note ? { note } : {}) }
    return { kind: 'tensor', layer: this.#sink.add(added, constants, part), shape: shape ?? result }
  }

  /** The layer's output as the network has it, for operations that make the same of both. */
  asComputed({ kind, layer }: TensorValue): TensorValue {
    return { kind, layer, shape: this.#sink.shapeOf(layer) }
  }

  /** The layer, in the graph's shape where the network has another. */
  #asInGraph({ layer, shape }: TensorValue): number {
    const target = networkShape(shape)
    if (formatShape(this.#sink.shapeOf(layer)) === formatShape(target)) return layer
    const reshape = { inputs: [layer], op: { kind: 'reshape', target } as const, shape: target, weights: [] }
    return this.#sink.add(reshape, [], 'input')
  }
}

function fitted(constant: GraphConstant | undefined, { name, shape }: WeightSpec): GraphConstant {
  const long = (lengths: Shape): string => formatShape(lengths.filter((n) => n !== 1))
  if (!constant) throw new Error(`its ${name} is missing`)
  if (elementCount(constant.shape) !== elementCount(shape) || long(constant.shape) !== long(shape))
    throw new Error(
      `its ${name} should have shape ${formatShape(shape)} and has ${formatShape(constant.shape)}`,
    )
  return { ...constant, shape }
}
