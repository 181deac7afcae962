/**
 * @file From a TensorFlow.js graph model to a `Network`. Every node that computes something from the image becomes a
 * layer, a fused node one as well. Nodes that only compute shapes or constants are done beforehand, and nodes that change
 * nothing (Identity) stand for what they read.
 */
import { NetworkBuilder, type Origin } from '../dataflow/networkBuilder.ts'
import { constantValue, type GraphConstant, type TensorValue, type Value } from '../dataflow/values.ts'
import { refuseTooMany } from '../mostLayers.ts'
import type { Layer, Network, Pair } from '../network.ts'
import { fold, unchanged } from './fold.ts'
import { type GraphNode, readGraphDef } from './graphDef.ts'
import { type GraphImage, readImageInput } from './graphInput.ts'
import { readableNames } from './graphNames.ts'
import { NodeReading } from './nodeReading.ts'
import { operationReaders } from './ops/index.ts'

export interface GraphOptions {
  readonly name: string
  /** The file's, which tells shapes that placeholders leave out. */
  readonly signature?: unknown
  /** Rows and columns if the file leaves them open; null: a usual size. */
  readonly inputSize: Pair | null
}

export interface GraphNetwork {
  readonly network: Network
  /** By layer: the arrays of `weights`, in order; for a layer that is not computed those that it reads. */
  readonly constants: readonly (readonly GraphConstant[])[]
  /** By layer: the node whose output it is, as `conv` or `split:1`; null for a step within a node. */
  readonly nodes: readonly (string | null)[]
}

/**
 * `constants` are those of the weights manifest, by the names of their nodes. Throws a plain Error with the reason, in
 * words, if the graph cannot be read or has not exactly one image input, and `TooManyLayers`. An operation that isn't supported is no error:
 * its layer and those behind it carry their `problem`.
 */
export function graphNetwork(
  topology: unknown,
  constants: ReadonlyMap<string, GraphConstant>,
  options: GraphOptions,
): GraphNetwork {
  const nodes = readGraphDef(topology)
  const image = readImageInput(nodes, options.signature, options.inputSize)
  const builder = new NetworkBuilder()
  for (const node of nodes) {
    if (silent.has(node.op)) continue
    if (node.closesLoop)
      builder.refuse(
        node,
        `node "${node.name}" (${node.op}) is part of a loop, which Urpatch does not compute`,
      )
    else
      builder.add(node, (inputs) => valuesOf(node, inputs, image, constants, builder), unchanged.has(node.op))
    refuseTooMany(builder.layers.length)
  }
  return {
    network: {
      name: options.name,
      layers: namedLayers(builder),
      input: builder.layers.findIndex(({ op }) => op?.kind === 'input'),
      inputShape: image.shape,
      openSize: image.openSize,
    },
    constants: builder.constants,
    nodes: builder.origins.map(({ node, part }) =>
      part === null ? node : part.startsWith(':') ? node + part : null,
    ),
  }
}

/** Neither computed nor in the way: they only say when something runs. */
const silent = new Set(['NoOp', 'Assert'])

function valuesOf(
  node: GraphNode,
  inputs: readonly Value[],
  image: GraphImage,
  stored: ReadonlyMap<string, GraphConstant>,
  builder: NetworkBuilder,
): readonly Value[] | null {
  if (node === image.node) return [imageOf(image, builder)]
  if (node.op === 'Placeholder') throw new Error('it is not the image, and Urpatch feeds images only')
  if (node.op === 'Const') {
    const constant = stored.get(node.name)
    if (!constant) throw new Error('its numbers are not in the weightsManifest')
    return [constantValue(constant)]
  }
  if (inputs.every(({ kind }) => kind === 'constant' || kind === 'lengths')) {
    const folded = fold(node, inputs)
    return folded && ('kind' in folded ? [folded] : folded)
  }
  const reader = operationReaders.get(node.op)
  if (!reader) return null
  const values = reader(new NodeReading(node, inputs, image.batch, builder))
  node.attributes.finish()
  return 'kind' in values ? [values] : values
}

function imageOf(
  { node, shape, graphShape, wholeNumbers }: GraphImage,
  builder: NetworkBuilder,
): TensorValue {
  node.attributes.ignore('shape', 'dtype')
  const image = builder.image(shape)
  if (!wholeNumbers) return { ...image, shape: graphShape }
  return builder.layer({ kind: 'wholeNumbers' }, [image], [], { part: 'whole numbers', shape: graphShape })
}

/** Layers with names that people recognise; the full name of a node whose own name is shortened stays in the note. */
function namedLayers({ layers, origins }: NetworkBuilder): readonly Layer[] {
  const names = readableNames(origins.map(nameOf))
  return layers.map((layer, i) => {
    const name = names[i]!
    const { node, part } = origins[i]!
    if (layer.op === null) return { ...layer, name }
    const className = layer.className.replace(/^_?Fused(?!BatchNorm)/, '')
    if (name === node || part !== null) return { ...layer, name, className }
    const notes = [layer.note, `In the file it is "${node}".`].filter((note) => note !== undefined)
    return { ...layer, name, className, note: notes.join(' ') }
  })
}

/** A step within a node is named by what it does, a second output by its number. */
function nameOf({ node, part }: Origin): string {
  return part === null ? node : part.startsWith(':') ? node + part : `${node} (${part})`
}
