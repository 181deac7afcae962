/** @file TensorFlow's GraphDef as JSON, as in a graph model's `model.json`: its nodes, each after those it reads. */
import { afterInputs } from '../dataflow/afterInputs.ts'
import type { BuilderNode, NodeOutput } from '../dataflow/networkBuilder.ts'
import { shownValue } from '../../shownValue.ts'
import { Attributes, isRecord } from './attributes.ts'

/** `op` is a name as `_FusedConv2D`. */
export interface GraphNode extends BuilderNode {
  readonly attributes: Attributes
  /** The node reads one that waits for it, so that no node of this loop can be computed. */
  readonly closesLoop: boolean
}

/**
 * Nodes of `modelTopology`, in the file's order as far as each comes after those it reads. Throws a plain Error with
 * the reason, in words.
 */
export function readGraphDef(topology: unknown): readonly GraphNode[] {
  const list = isRecord(topology) ? topology['node'] : undefined
  if (!Array.isArray(list)) throw new Error('its modelTopology holds no list of nodes')
  const nodes = new Map<string, GraphNode>()
  for (const [i, item] of list.entries()) {
    const node = readNode(item, i)
    if (nodes.has(node.name)) throw new Error(`it has two nodes named "${node.name}"`)
    nodes.set(node.name, node)
  }
  return inOrder(nodes)
}

function readNode(item: unknown, index: number): GraphNode {
  if (!isRecord(item) || typeof item['name'] !== 'string' || typeof item['op'] !== 'string')
    throw new Error(`node ${index} of its modelTopology has no name or no op`)
  const { name, op, input, attr } = item
  const reads: readonly unknown[] = Array.isArray(input) ? input : []
  if (!reads.every((one) => typeof one === 'string'))
    throw new Error(`its node "${name}" reads ${shownValue(reads)}, which are no names of nodes`)
  // Those with `^` only say what has to run before.
  const inputs = reads.filter((one) => !one.startsWith('^'))
  return {
    name,
    op,
    inputs: inputs.map(readInput),
    attributes: new Attributes(name, op, isRecord(attr) ? attr : {}),
    closesLoop: false,
  }
}

/** `text` is as `conv` or `split:1`. */
function readInput(text: string): NodeOutput {
  const [, node, output] = /^(.*):(\d+)$/.exec(text) ?? [text, text, '0']
  return { node: node!, output: Number(output) }
}

/**
 * Each node after those that it reads. No recursion, as a chain of some thousand nodes would be too deep. TensorFlow 1
 * writes loops as circles: in each of them one node comes before a node that it reads.
 */
function inOrder(nodes: ReadonlyMap<string, GraphNode>): readonly GraphNode[] {
  const closing = new Set<GraphNode>()
  const ordered = afterInputs(
    nodes.values(),
    (node) => node.inputs.map((input) => inputOf(nodes, node, input)),
    (node) => closing.add(node),
  )
  return ordered.map((node) => (closing.has(node) ? { ...node, closesLoop: true } : node))
}

function inputOf(nodes: ReadonlyMap<string, GraphNode>, node: GraphNode, input: NodeOutput): GraphNode {
  const found = nodes.get(input.node)
  if (!found) throw new Error(`its node "${node.name}" reads "${input.node}", which is not in the file`)
  return found
}
