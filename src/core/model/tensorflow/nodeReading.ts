/** @file What the reader of an operation gets: one node's attributes and inputs, and how it adds layers. */
import type { LayerOptions, NetworkBuilder } from '../dataflow/networkBuilder.ts'
import type { GraphConstant, TensorValue, Value } from '../dataflow/values.ts'
import type { Operation } from '../network.ts'
import type { Attributes } from './attributes.ts'
import type { GraphNode } from './graphDef.ts'

/** Reads one node to its outputs. Throws what is wrong: an AppError with a sentence, or an Error with a clause. */
export type OperationReader = (node: NodeReading) => Value | readonly Value[]

export class NodeReading {
  readonly node: GraphNode
  readonly attributes: Attributes
  readonly inputs: readonly Value[]
  /** The number of images that the file fixes; null if it leaves it open. */
  readonly batch: number | null
  readonly #builder: NetworkBuilder

  constructor(node: GraphNode, inputs: readonly Value[], batch: number | null, builder: NetworkBuilder) {
    this.node = node
    this.attributes = node.attributes
    this.inputs = inputs
    this.batch = batch
    this.#builder = builder
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

  /** See `NetworkBuilder.layer`. */
  layer(
    op: Operation,
    inputs: readonly TensorValue[],
    weights: readonly GraphConstant[] = [],
    options: LayerOptions = {},
  ): TensorValue {
    return this.#builder.layer(op, inputs, weights, options)
  }

  /** See `NetworkBuilder.inNetworksShape`. */
  inNetworksShape(tensor: TensorValue): TensorValue {
    return this.#builder.inNetworksShape(tensor)
  }
}
