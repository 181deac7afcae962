/** @file Builds a network out of the nodes of a graph, whatever format wrote them; what cannot be computed is named. */
import { AppError, clause, reasonOf } from '../../errors.ts'
import { formatShape, refuseNoShape } from '../kinds/kind.ts'
import { kindOf } from '../kinds/index.ts'
import {
  elementCount,
  type Layer,
  type MapShape,
  type Operation,
  problemAfter,
  type Shape,
  type SupportedLayer,
  type WeightSpec,
} from '../network.ts'
import { type GraphConstant, networkShape, type TensorValue, type Value } from './values.ts'

export interface NodeOutput {
  readonly node: string
  /** Which of the node's outputs. */
  readonly output: number
}

/** A node as far as the builder has to know it. */
export interface BuilderNode {
  readonly name: string
  /** The name of the operation, as the file has it. */
  readonly op: string
  readonly inputs: readonly NodeOutput[]
  /** The name in the file, if it is another. */
  readonly inFile?: string
}

/** The node that a layer comes from. */
export interface Origin {
  readonly node: string
  /** Is null for the node's output, `:1` for its second, else words for a step within it. */
  readonly part: string | null
}

export interface LayerOptions {
  /** See `Origin`. */
  readonly part?: string | null
  readonly note?: string | undefined
  /** The shape that the graph gives the output, if it is not the network's. */
  readonly shape?: Shape
}

/** The values that a node gives, or the layer that says why it gives none. */
type Result<V> = { readonly values: readonly V[] } | { readonly unsupported: number }

/** `V`: the kinds of values that the nodes of the format give. */
export class NetworkBuilder<V extends Value = Value> {
  /** Named as their nodes. */
  readonly layers: Layer[] = []
  /** By layer: the arrays of `weights`, in order; for a layer that is not computed those that it reads. */
  readonly constants: (readonly GraphConstant[])[] = []
  /** By layer. */
  readonly origins: Origin[] = []
  readonly #results = new Map<string, Result<V>>()
  readonly #shapeInFile: ((value: V) => Shape) | null
  #node: BuilderNode | null = null

  /** `shapeInFile`: what the file says of a value, which is told of the inputs of what is not computed. */
  constructor(shapeInFile: ((value: V) => Shape) | null = null) {
    this.#shapeInFile = shapeInFile
  }

  /**
   * Adds a node; those that it reads have to be there. `compute` makes layers by `image` and `layer`, and returns the
   * values of the node's outputs, or null if the operation is not known. If it throws, its layers are taken back, and
   * a layer that is not computed says why. It is not called if one of the inputs is not computed; a node that `isIdentity`
   * then leaves no layer of its own.
   */
  add(node: BuilderNode, compute: (inputs: readonly V[]) => readonly V[] | null, isIdentity: boolean): void {
    this.#node = node
    const before = this.layers.length
    const reads = node.inputs.map((input) => this.#results.get(input.node))
    const blocking = reads.find((result) => result && 'unsupported' in result)
    if (blocking && isIdentity) this.#results.set(node.name, blocking)
    else if (blocking) this.refuse(node, this.#problemAfter(blocking))
    else
      try {
        const values = compute(node.inputs.map((input, i) => valueOf(reads[i], input.output)))
        if (values) this.#results.set(node.name, { values })
        else this.refuse(node, clause('model/unsupported-layer', { layer: node.name, className: node.op }))
      } catch (error) {
        this.layers.length = this.constants.length = this.origins.length = before
        this.refuse(
          node,
          error instanceof AppError ? error.message : `node "${node.name}" (${node.op}): ${reasonOf(error)}`,
        )
      }
  }

  /** Adds a node that is not computed. `problem` is a clause for the user. */
  refuse(node: BuilderNode, problem: string): void {
    const results = node.inputs.map((input) => this.#results.get(input.node))
    const arrays = results.flatMap((result) =>
      result && 'values' in result ? result.values.slice(0, 1) : [],
    )
    const inputs = results.flatMap((result) => (result ? layerOf(result) : []))
    this.constants.push(arrays.flatMap((value) => (value.kind === 'constant' ? [value.constant] : [])))
    this.origins.push({ node: node.name, part: null })
    const reads = this.#shapesOf(node, results)
    const unsupported =
      this.layers.push({
        name: node.name,
        className: node.op,
        inputs,
        op: null,
        problem,
        ...(reads && { reads }),
        ...(node.inFile !== undefined && { inFile: node.inFile }),
      }) - 1
    this.#results.set(node.name, { unsupported })
  }

  /** Null if the node reads nothing, or what is not computed itself. */
  #shapesOf(node: BuilderNode, results: readonly (Result<V> | undefined)[]): readonly Shape[] | null {
    const values = node.inputs.map(({ output }, i) => {
      const result = results[i]
      return result && 'values' in result ? result.values[output] : undefined
    })
    const shapes = values.flatMap((value) => (value && this.#shapeInFile ? [this.#shapeInFile(value)] : []))
    return shapes.length > 0 && shapes.length === values.length ? shapes : null
  }

  /** The value, if the node is there and is computed. */
  value({ node, output }: NodeOutput): V | null {
    const result = this.#results.get(node)
    return result && 'values' in result ? (result.values[output] ?? null) : null
  }

  /** The image as a layer of the node that is being added. */
  image(shape: MapShape): TensorValue {
    const layer = this.#push({ inputs: [], op: { kind: 'input' }, shape, weights: [] }, [], null)
    return { kind: 'tensor', layer, shape }
  }

  /**
   * A layer of the node that is being added, which computes `op` on the inputs. `weights` are in the order of the kind's;
   * their shapes may differ in axes of length 1.
   */
  layer(
    op: Operation,
    inputs: readonly TensorValue[],
    weights: readonly GraphConstant[] = [],
    { part = null, note, shape }: LayerOptions = {},
  ): TensorValue {
    const from = inputs.map((input) => this.#inGraphsShape(input))
    const shapes = from.map((layer) => this.#shapeOf(layer))
    const kind = kindOf(op)
    const result = kind.shape(op, shapes)
    const specs = kind.weights(op, shapes[0]!)
    refuseNoShape(result, 'its output')
    const constants = specs.map((spec, i) => fitted(weights[i], spec))
    const added = { inputs: from, op, shape: result, weights: specs, ...(note ? { note } : {}) }
    return { kind: 'tensor', layer: this.#push(added, constants, part), shape: shape ?? result }
  }

  /** The layer's output in the network's shape, for operations that make the same of both. */
  inNetworksShape({ kind, layer }: TensorValue): TensorValue {
    return { kind, layer, shape: this.#shapeOf(layer) }
  }

  /** The layer, in the graph's shape if the network has another. */
  #inGraphsShape({ layer, shape }: TensorValue): number {
    const target = networkShape(shape)
    if (formatShape(this.#shapeOf(layer)) === formatShape(target)) return layer
    const reshape = { inputs: [layer], op: { kind: 'reshape', target } as const, shape: target, weights: [] }
    return this.#push(reshape, [], 'input')
  }

  #push(
    layer: Omit<SupportedLayer, 'name' | 'className'>,
    constants: readonly GraphConstant[],
    part: string | null,
  ): number {
    const { name, op } = this.#node!
    this.origins.push({ node: name, part })
    this.constants.push(constants)
    return this.layers.push({ name, className: op, ...layer }) - 1
  }

  #shapeOf(layer: number): Shape {
    return (this.layers[layer] as SupportedLayer).shape
  }

  #problemAfter(blocking: Result<V>): string {
    const layer = 'unsupported' in blocking ? this.layers[blocking.unsupported]! : null
    return layer?.op === null ? problemAfter(layer) : ''
  }
}

function layerOf(result: Result<Value>): readonly number[] {
  if ('unsupported' in result) return [result.unsupported]
  const [value] = result.values
  if (value?.kind === 'spaced' || value?.kind === 'alone') return [value.source.layer]
  return value?.kind === 'tensor' ? [value.layer] : []
}

function valueOf<V>(result: Result<V> | undefined, output: number): V {
  const value = result && 'values' in result ? result.values[output] : undefined
  if (!value) throw new Error(`it reads output ${output} of a node that gives no such output`)
  return value
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
