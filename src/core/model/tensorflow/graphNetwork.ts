/**
 * @file From a TensorFlow.js graph model to a `Network`. Every node that computes something from the image becomes a
 * layer, fused ones one; what only computes shapes or constants is done beforehand, and nodes that change nothing
 * (Identity) stand for what they read.
 */
import { AppError, clause, messageOf } from '../../errors.ts'
import type { Layer, Network, Pair } from '../network.ts'
import { fold, unchanged } from './fold.ts'
import { type GraphNode, readGraphDef } from './graphDef.ts'
import { type GraphImage, readImageInput } from './graphInput.ts'
import { readableNames } from './graphNames.ts'
import { type LayerSink, NodeReading } from './nodeReading.ts'
import { operationReaders } from './ops/index.ts'
import type { GraphConstant, Value } from '../dataflow/values.ts'

export interface GraphOptions {
  readonly name: string
  /** The file's, which tells shapes that placeholders leave out. */
  readonly signature?: unknown
  /** Rows and columns where the file leaves them open; null: a usual size. */
  readonly inputSize: Pair | null
}

export interface GraphNetwork {
  readonly network: Network
  /** By layer: the arrays of `weights`, in order; of a layer that is not computed those that it reads. */
  readonly constants: readonly (readonly GraphConstant[])[]
  /** By layer: the node whose output it is, as `conv` or `split:1`; null for a step within a node. */
  readonly nodes: readonly (string | null)[]
}

/**
 * `constants` are those of the weights manifest, by the names of their nodes. Throws a plain Error with the reason, in
 * words, for a graph that cannot be read or without exactly one image input. An operation that isn't supported is no
 * error: its layer and those behind it carry their `problem`.
 */
export function graphNetwork(
  topology: unknown,
  constants: ReadonlyMap<string, GraphConstant>,
  options: GraphOptions,
): GraphNetwork {
  const nodes = readGraphDef(topology)
  const image = readImageInput(nodes, options.signature, options.inputSize)
  const builder = new NetworkBuilder(image, constants)
  for (const node of nodes) builder.read(node)
  return {
    network: {
      name: options.name,
      layers: builder.namedLayers(),
      input: builder.input,
      inputShape: image.shape,
      openSize: image.openSize,
    },
    constants: builder.constants,
    nodes: builder.entries.map(({ node, part }) =>
      part === null ? node : part.startsWith(':') ? node + part : null,
    ),
  }
}

/** Neither computed nor in the way: they only say when something runs. */
const silent = new Set(['NoOp', 'Assert'])

/** What nodes give, or the layer that says why they don't. */
type Result = { readonly values: readonly Value[] } | { readonly unsupported: number }

/** Where a layer comes from. */
interface Entry {
  readonly node: string
  /** Null for the node's output, `:1` for its second, else words for a step within it. */
  readonly part: string | null
}

class NetworkBuilder implements LayerSink {
  readonly layers: Layer[] = []
  readonly constants: (readonly GraphConstant[])[] = []
  readonly entries: Entry[] = []
  input = -1
  readonly #image: GraphImage
  readonly #stored: ReadonlyMap<string, GraphConstant>
  readonly #results = new Map<string, Result>()
  #node: GraphNode | null = null

  constructor(image: GraphImage, stored: ReadonlyMap<string, GraphConstant>) {
    this.#image = image
    this.#stored = stored
  }

  read(node: GraphNode): void {
    if (silent.has(node.op)) return
    this.#node = node
    if (node.closesLoop)
      return this.#refuse(
        node,
        `node "${node.name}" (${node.op}) is part of a loop, which Urpatch does not compute`,
      )
    const before = this.layers.length
    const reads = node.inputs.map((input) => this.#results.get(input.node))
    const blocking = reads.find((result) => result && 'unsupported' in result)
    try {
      const inputs = blocking ? [] : node.inputs.map((input, i) => valueOf(reads[i], input.output))
      const values = blocking ? null : this.#values(node, inputs)
      if (blocking && unchanged.has(node.op)) this.#results.set(node.name, blocking)
      else if (values) this.#results.set(node.name, { values })
      else this.#refuse(node, blocking ? this.#after(blocking) : unknown(node))
    } catch (error) {
      this.layers.length = this.constants.length = this.entries.length = before
      this.#refuse(
        node,
        error instanceof AppError ? error.message : `node "${node.name}" (${node.op}): ${messageOf(error)}`,
      )
    }
  }

  add(
    layer: Parameters<LayerSink['add']>[0],
    constants: readonly GraphConstant[],
    part: string | null,
  ): number {
    const { name, op } = this.#node!
    this.entries.push({ node: name, part })
    this.constants.push(constants)
    return this.layers.push({ name, className: op.replace(/^_?Fused(?!BatchNorm)/, ''), ...layer }) - 1
  }

  shapeOf(layer: number): readonly number[] {
    const found = this.layers[layer]!
    return found.op === null ? [] : found.shape
  }

  /** The full name of a node whose own name is shortened stays in the note. */
  namedLayers(): readonly Layer[] {
    const own = readableNames(this.entries.map(nameOf))
    return this.layers.map((layer, i) => {
      const name = own[i]!
      const { node, part } = this.entries[i]!
      if (layer.op === null || name === node || part !== null) return { ...layer, name }
      const notes = [layer.note, `In the file it is "${node}".`].filter((note) => note !== undefined)
      return { ...layer, name, note: notes.join(' ') }
    })
  }

  #values(node: GraphNode, inputs: readonly Value[]): readonly Value[] | null {
    if (node === this.#image.node) return [this.#addInput(node)]
    if (node.op === 'Placeholder') throw new Error('it is not the image, and Urpatch feeds images only')
    if (node.op === 'Const') {
      const constant = this.#stored.get(node.name)
      if (!constant) throw new Error('its numbers are not in the weightsManifest')
      return [{ kind: 'constant', constant }]
    }
    if (inputs.every(({ kind }) => kind === 'constant' || kind === 'lengths')) {
      const folded = fold(node, inputs)
      return folded && ('kind' in folded ? [folded] : folded)
    }
    const reader = operationReaders.get(node.op)
    if (!reader) return null
    const values = reader(new NodeReading(node, inputs, this.#image.batch, this))
    node.attributes.finish()
    return 'kind' in values ? [values] : values
  }

  #addInput(node: GraphNode): Value {
    node.attributes.ignore('shape', 'dtype')
    const { shape, graphShape, wholeNumbers } = this.#image
    this.input = this.add({ inputs: [], op: { kind: 'input' }, shape, weights: [] }, [], null)
    if (!wholeNumbers) return { kind: 'tensor', layer: this.input, shape: graphShape }
    const op = { kind: 'wholeNumbers' } as const
    const layer = this.add({ inputs: [this.input], op, shape, weights: [] }, [], 'whole numbers')
    return { kind: 'tensor', layer, shape: graphShape }
  }

  #refuse(node: GraphNode, problem: string): void {
    const results = node.inputs.map((input) => this.#results.get(input.node))
    const arrays = results.flatMap((result) =>
      result && 'values' in result ? result.values.slice(0, 1) : [],
    )
    const inputs = results.flatMap((result) => (result ? layerOf(result) : []))
    this.constants.push(arrays.flatMap((value) => (value.kind === 'constant' ? [value.constant] : [])))
    this.entries.push({ node: node.name, part: null })
    const unsupported =
      this.layers.push({ name: node.name, className: node.op, inputs, op: null, problem }) - 1
    this.#results.set(node.name, { unsupported })
  }

  /** Layers far behind an unsupported one name it, not each other. */
  #after(blocking: Result): string {
    const layer = 'unsupported' in blocking ? this.layers[blocking.unsupported]! : null
    return layer?.op === null ? `comes after ${layer.problem.replace(/^comes after /, '')}` : ''
  }
}

/** A step within a node is named by what it does, a second output by its number. */
function nameOf({ node, part }: Entry): string {
  return part === null ? node : part.startsWith(':') ? node + part : `${node} (${part})`
}

function layerOf(result: Result): readonly number[] {
  if ('unsupported' in result) return [result.unsupported]
  const [value] = result.values
  if (value?.kind === 'spaced' || value?.kind === 'alone') return [value.source.layer]
  return value?.kind === 'tensor' ? [value.layer] : []
}

function valueOf(result: Result | undefined, output: number): Value {
  const value = result && 'values' in result ? result.values[output] : undefined
  if (!value) throw new Error(`it reads output ${output} of a node that gives no such output`)
  return value
}

function unknown(node: GraphNode): string {
  return clause('model/unsupported-layer', { layer: node.name, className: node.op })
}
