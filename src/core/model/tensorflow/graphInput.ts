/** @file Which of a graph's placeholders is the image, and its shape as rows, columns, channels. */
import { type ImageInput, imageInput, isChannelCountOfImages } from '../imageInput.ts'
import type { Pair, Shape } from '../network.ts'
import { isRecord, readShape } from './attributes.ts'
import type { GraphNode } from './graphDef.ts'

export interface GraphImage extends ImageInput {
  readonly node: GraphNode
  /** As the graph has it, without the batch: `[H, W]` for grey pictures without an axis for the channel. */
  readonly graphShape: Shape
  /** Is null if the file leaves it open. */
  readonly batch: number | null
  /** The graph takes whole numbers, and makes floats of them before it computes anything. */
  readonly wholeNumbers: boolean
}

/** Throws a plain Error with the reason, in words, if there is not exactly one image. */
export function readImageInput(
  nodes: readonly GraphNode[],
  signature: unknown,
  inputSize: Pair | null,
): GraphImage {
  const inputs = nodes
    .filter(({ op }) => op === 'Placeholder')
    .map((node) => ({ node, shape: shapeOf(node, signature) }))
  const images =
    inputs.length === 1 ? inputs : inputs.filter(({ shape }) => isChannelCountOfImages(shape?.[3]))
  if (images.length !== 1) {
    const names = inputs.map(({ node }) => node.name).join(', ')
    throw new Error(`it has ${inputs.length} inputs${names ? ` (${names})` : ''}`)
  }
  const [{ node, shape }] = images as [(typeof images)[number]]
  const type = node.attributes.type('dtype')
  const wholeNumbers = integerTypes.has(type)
  if (!floatTypes.has(type) && !(wholeNumbers && becomesFloats(node, nodes)))
    throw new Error(
      `its input is of type ${type}, and Urpatch feeds DT_FLOAT, or whole numbers where the graph makes floats of them first`,
    )
  return { node, wholeNumbers, ...extents(node, nodes, shape, inputSize) }
}

/** By name, or by number in TensorFlow's types.proto. */
const floatTypes: ReadonlySet<string> = new Set(['', 'DT_FLOAT', '1'])
const integerTypes: ReadonlySet<string> = new Set(['DT_INT32', 'DT_UINT8', 'DT_INT64', '3', '4', '9'])

/** Operations that move numbers and compute none. */
const moving: ReadonlySet<string> = new Set([
  'Identity',
  'Reshape',
  'ExpandDims',
  'Squeeze',
  'StridedSlice',
  'Slice',
])

/** Whether all nodes that read the input make floats of it before anything is computed. */
function becomesFloats(input: GraphNode, nodes: readonly GraphNode[]): boolean {
  const names = new Set([input.name])
  for (const { name, op, inputs, attributes } of nodes) {
    if (!inputs.some(({ node }) => names.has(node))) continue
    if (moving.has(op)) names.add(name)
    else if (op === 'Cast' ? !floatTypes.has(attributes.type('DstT')) : !floatingReaders.has(op)) return false
  }
  return true
}

/** Operations that give floats or lengths, whatever they read. */
const floatingReaders: ReadonlySet<string> = new Set(['Shape', 'ResizeBilinear'])

function extents(
  node: GraphNode,
  nodes: readonly GraphNode[],
  shape: readonly (number | null)[] | null,
  inputSize: Pair | null,
): Omit<GraphImage, 'node' | 'wholeNumbers'> {
  const text = shape ? `[${shape.map((length) => length ?? '?').join(', ')}]` : 'that the file does not tell'
  const grey = shape?.length === 3 && isFlatGrey(node, nodes)
  if (!shape || (shape.length !== 4 && !grey))
    throw new Error(`its input has ${shape ? 'shape ' : 'a shape '}${text}, which is no image`)
  const [batch, height, width] = shape as [number | null, number | null, number | null]
  const channels = grey ? 1 : shape[3]
  if (channels === null || channels === undefined)
    throw new Error(`its input has shape ${text}, which leaves the channels open`)
  if (channels > 4 && (shape[1] ?? 5) <= 4)
    throw new Error(`its input has shape ${text}, channels before rows; Urpatch reads graphs in NHWC order`)
  const input = imageInput(height, width, channels, inputSize)
  return { ...input, graphShape: grey ? input.shape.slice(0, 2) : input.shape, batch }
}

/** Grey pictures without an axis for the channel, as MNIST comes, if all nodes that read them make a vector or a map. */
function isFlatGrey(input: GraphNode, nodes: readonly GraphNode[]): boolean {
  const readers = nodes.filter(({ inputs }) => inputs.some(({ node }) => node === input.name))
  return readers.length > 0 && readers.every(({ op }) => ['Reshape', 'ExpandDims', 'Shape'].includes(op))
}

/** Some converters leave the shape to the model's signature. */
function shapeOf(node: GraphNode, signature: unknown): readonly (number | null)[] | null {
  const own = readShape(node.attributes.shape('shape'))
  if (own && own.length > 0) return own
  const inputs =
    isRecord(signature) && isRecord(signature['inputs']) ? Object.values(signature['inputs']) : []
  const entry = inputs.find(
    (input) => isRecord(input) && String(input['name']).replace(/:0$/, '') === node.name,
  )
  return isRecord(entry) ? readShape(entry['tensorShape']) : null
}
