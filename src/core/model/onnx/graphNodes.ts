/**
 * @file The nodes of a file as they are computed: functions that the file defines are replaced by their nodes, and each node
 * comes after those that it reads.
 */
import { afterInputs } from '../dataflow/afterInputs.ts'
import type { AttributeValue, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from './modelProto.ts'
import { BrokenFile } from './wire.ts'

/** A node with the version of the operator set that it is of. */
export interface GraphNode extends OnnxNode {
  readonly version: number
}

/** Functions within functions. */
const deepest = 50
/** A function that calls others twice, and so on, grows without end. */
const mostNodes = 200_000

/** Throws `BrokenFile`. */
export function graphNodes(model: OnnxModel): readonly GraphNode[] {
  const known = [
    ...model.graph.inputs.map(({ name }) => name),
    ...model.graph.initializers.map(({ name }) => name),
  ]
  return inOrder(new Inliner(model).nodesOf(model.graph.nodes, model.opsets, 0), new Set(known))
}

/** The nodes of a branch or a body, in which tensors of the graph around it may be read. */
export function innerNodes(graph: OnnxGraph, version: number): readonly GraphNode[] {
  const nodes = graph.nodes.map((node) => ({ ...node, version }))
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  const outer = nodes.flatMap(readsOf).filter((name) => !made.has(name))
  return inOrder(nodes, new Set(outer))
}

class Inliner {
  readonly #functions: ReadonlyMap<string, OnnxFunction>
  readonly #taken: Set<string>
  #calls = 0
  #count = 0

  constructor({ functions, graph }: OnnxModel) {
    this.#functions = new Map(functions.map((one) => [`${one.domain}.${one.name}`, one]))
    this.#taken = new Set(graph.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]))
  }

  nodesOf(
    nodes: readonly OnnxNode[],
    opsets: ReadonlyMap<string, number>,
    depth: number,
  ): readonly GraphNode[] {
    if (depth > deepest) throw new BrokenFile('its functions call each other without end')
    return nodes.flatMap((node): readonly GraphNode[] => {
      const called = this.#functions.get(`${node.domain}.${node.op}`)
      if (called) return this.#bodyOf(called, node, depth)
      if (++this.#count > mostNodes) throw new BrokenFile(`its functions make more than ${mostNodes} nodes`)
      return [{ ...node, version: opsets.get(node.domain) ?? 1 }]
    })
  }

  /** The nodes of a function with the names of the caller's tensors, and names of their own for all others. */
  #bodyOf(called: OnnxFunction, caller: OnnxNode, depth: number): readonly GraphNode[] {
    const call = ++this.#calls
    const names = new Map<string, string>([['', '']])
    for (const [i, name] of called.inputs.entries()) names.set(name, caller.inputs[i] ?? '')
    for (const [i, name] of called.outputs.entries())
      if (caller.outputs[i]) names.set(name, caller.outputs[i])
    const ownName = (name: string): string => {
      const known = names.get(name)
      if (known !== undefined) return known
      let own = `${name}__${call}`
      while (this.#taken.has(own)) own += '_'
      this.#taken.add(own)
      names.set(name, own)
      return own
    }
    const nodes = called.nodes.map((node) => ({
      ...node,
      name: caller.name && node.name ? `${caller.name}/${node.name}` : node.name,
      scopes: node.scopes ?? caller.scopes,
      inputs: node.inputs.map(ownName),
      outputs: node.outputs.map(ownName),
      attributes: resolved(node.attributes, caller.attributes, called.defaults),
    }))
    return this.nodesOf(nodes, called.opsets, depth + 1)
  }
}

/** References to attributes of the caller replaced by their values; one that nobody gives is left out. */
function resolved(
  own: ReadonlyMap<string, AttributeValue>,
  given: ReadonlyMap<string, AttributeValue>,
  defaults: ReadonlyMap<string, AttributeValue>,
): ReadonlyMap<string, AttributeValue> {
  const entries = [...own].flatMap(([key, value]): [string, AttributeValue][] => {
    if (value.kind !== 'reference') return [[key, value]]
    const found = given.get(value.value) ?? defaults.get(value.value)
    return found ? [[key, found]] : []
  })
  return new Map(entries)
}

/** Tensors that a node reads, also from within its branches. */
function readsOf({ inputs, attributes }: OnnxNode): readonly string[] {
  const within = [...attributes.values()].flatMap((attribute) => {
    if (attribute.kind !== 'graph') return []
    const made = new Set(attribute.value.nodes.flatMap(({ outputs }) => outputs))
    const known = new Set([
      ...attribute.value.inputs.map(({ name }) => name),
      ...attribute.value.initializers.map(({ name }) => name),
    ])
    return [...attribute.value.nodes.flatMap(readsOf), ...attribute.value.outputs].filter(
      (name) => !made.has(name) && !known.has(name),
    )
  })
  return [...inputs, ...within].filter((name) => name !== '')
}

/** Each node after those that it reads, else in the file's order. */
function inOrder(nodes: readonly GraphNode[], known: ReadonlySet<string>): readonly GraphNode[] {
  const makers = new Map<string, GraphNode>()
  for (const node of nodes)
    for (const output of node.outputs) {
      if (output === '') continue
      if (makers.has(output) || known.has(output)) throw new BrokenFile(`two of its nodes make "${output}"`)
      makers.set(output, node)
    }
  const inputsOf = (node: GraphNode): readonly GraphNode[] =>
    readsOf(node).flatMap((name) => {
      const maker = makers.get(name)
      if (!maker && !known.has(name))
        throw new BrokenFile(`its node ${nodeWords(node)} reads "${name}", which is not in the file`)
      return maker ?? []
    })
  return afterInputs(nodes, inputsOf, (node) => {
    throw new BrokenFile(`its node ${nodeWords(node)} waits for itself`)
  })
}

function nodeWords({ name, op, outputs }: OnnxNode): string {
  return `"${name || (outputs[0] ?? '')}" (${op || 'of no type'})`
}
