/**
 * @file The configuration that Keras writes, in every version, as one flat list of layers: nested models are replaced by
 * their layers (`backbone/block_3_expand`), and a layer that is called more than once appears once for each call. Only
 * the structure is read here; what a layer computes is read in `layers/`.
 */
import { refuseTooMany } from '../mostLayers.ts'
import { type Json, list, object } from '../readJson.ts'
import { type KerasCall, type Operand, readCalls, tensorRef, type TensorRef } from './kerasCalls.ts'

/** A layer as the file has it, which is how its weights are found. */
export interface KerasNode {
  readonly name: string
  readonly className: string
  readonly config: Json
  /** The layers of a nested model, in the file's order; empty otherwise. */
  readonly children: readonly KerasNode[]
  readonly parent: KerasNode | null
}

/** One call of a layer that is no model itself. */
export interface KerasLayer {
  /** Unique: the names of the models it lies in and its own, joined by `/`; later calls of a shared layer end in `@2`. */
  readonly name: string
  readonly className: string
  readonly config: Json
  /** Names of the layers it is applied to. */
  readonly inputs: readonly string[]
  /** The same object for every call of a shared layer. */
  readonly node: KerasNode
  readonly operands?: readonly Operand[]
  /** Why the way it is called cannot be computed; a clause for the user. */
  readonly problem?: string
}

export interface KerasModel {
  readonly name: string
  /** Each after those that it reads. */
  readonly layers: readonly KerasLayer[]
  readonly root: KerasNode
}

/**
 * `kerasMajor`: version of the Keras that wrote it. Throws a plain Error with the reason, in words, if this is no
 * Sequential or Functional network, and `TooManyLayers`.
 */
export function readKerasConfig(modelConfig: unknown, kerasMajor: number): KerasModel {
  const root = readNode(modelConfig, null)
  if (!isModel(root)) throw new Error(`the model is of type ${root.className}`)
  refuseTooMany(layersOf(root))
  const flattening = new Flattening(kerasMajor)
  flattening.expand(root, '', null)
  return { name: root.name, layers: flattening.layers, root }
}

function isModel({ className, config }: KerasNode): boolean {
  return (
    className === 'Sequential' ||
    className === 'Functional' ||
    className === 'Model' ||
    // A class of the user's own made from inputs and outputs.
    ('layers' in config && 'input_layers' in config && 'output_layers' in config)
  )
}

function readNode(entry: unknown, parent: KerasNode | null): KerasNode {
  const what = parent ? 'a layer' : 'it'
  const layer = object(entry, `${what} is not an object`)
  // Keras before 2.3 wrote a Sequential's list of layers itself.
  const config = Array.isArray(layer['config'])
    ? { name: 'sequential', layers: layer['config'] as unknown }
    : object(layer['config'], `${what} has no config`)
  const name = layer['name'] ?? config['name'] ?? (parent ? null : 'model')
  if (typeof name !== 'string') throw new Error('a layer has no name')
  const className = layer['class_name']
  if (typeof className !== 'string') throw new Error(`${parent ? `layer "${name}"` : what} has no class_name`)
  const children: KerasNode[] = []
  const node: KerasNode = { name, className, config, children, parent }
  if (isModel(node))
    for (const child of list(config['layers'], 'its list of layers is missing'))
      children.push(readNode(child, node))
  return node
}

/**
 * The number of layers that all calls of a node's layers make, without the inputs of nested models, which are bound. Each
 * node is looked at once, however often it is called.
 */
function layersOf({ children, config, className }: KerasNode): number {
  const entries = className === 'Sequential' ? [] : config['layers']
  return children.reduce((sum, child, i) => {
    if (child.children.length === 0) return sum + (child.className === 'InputLayer' ? 0 : callsOf(entries, i))
    return sum + callsOf(entries, i) * layersOf(child)
  }, 0)
}

/** How often a model calls its layer `i`; a layer that is not called counts once, as it is listed all the same. */
function callsOf(entries: unknown, i: number): number {
  const calls = Array.isArray(entries) ? ((entries[i] as Json | undefined)?.['inbound_nodes'] ?? []) : []
  return Array.isArray(calls) ? Math.max(1, calls.length) : 1
}

/** The flat layer that a tensor comes from, or the reason why it cannot be computed. */
type Source = { readonly layer: string } | { readonly problem: string }

/** One call of one layer within a model. */
interface Unit {
  readonly node: KerasNode
  readonly call: KerasCall
  /** Counts the calls of this layer, from 1. */
  readonly nth: number
}

class Flattening {
  readonly layers: KerasLayer[] = []
  readonly #kerasMajor: number
  readonly #names = new Set<string>()
  /** By name: the number that the next layer of the same name may get. */
  readonly #next = new Map<string, number>()

  constructor(kerasMajor: number) {
    this.#kerasMajor = kerasMajor
  }

  /** The layers of one call of a model, whose inputs are bound to `given`; null for the model itself. */
  expand(model: KerasNode, prefix: string, given: readonly Source[] | null): Source[] {
    return model.className === 'Sequential' && !('input_layers' in model.config)
      ? this.#expandSequential(model, prefix, given)
      : this.#expandFunctional(model, prefix, given)
  }

  #expandSequential(model: KerasNode, prefix: string, given: readonly Source[] | null): Source[] {
    let current = given
    for (const node of model.children) {
      if (node.className === 'InputLayer') {
        current ??= [this.#add(node, prefix, { tensors: [], keywords: {} }, [], 1)]
        continue
      }
      current ??= [this.#impliedInput(model, node)]
      current = this.#call({ node, call: { tensors: [], keywords: {} }, nth: 1 }, prefix, current)
    }
    return [...(current ?? [])]
  }

  /** The input of a Sequential that does not list it, named as Keras names it. */
  #impliedInput(model: KerasNode, first: KerasNode): Source {
    const name = `${first.name}_input`
    const shape = inputShapeOf(first) ?? model.config['build_input_shape']
    const config = { name, batch_shape: shape }
    const node = { name, className: 'InputLayer', config, children: [], parent: model }
    return this.#add(node, '', { tensors: [], keywords: {} }, [], 1)
  }

  #expandFunctional(model: KerasNode, prefix: string, given: readonly Source[] | null): Source[] {
    const entries = list(model.config['layers'], 'its list of layers is missing')
    const units = model.children.flatMap((node, i): Unit[] => {
      const calls = readCalls((entries[i] as Json)['inbound_nodes'], this.#kerasMajor)
      if (calls.length === 0) calls.push({ tensors: [], keywords: {} })
      return calls.map((call, n) => ({ node, call, nth: n + 1 }))
    })
    const bound = new Map(
      given ? tensorRefs(model.config['input_layers']).map(({ layer }, i) => [layer, given[i]]) : [],
    )
    const outputs = new Map<string, readonly Source[]>()
    const resolve = ({ layer, call, output }: TensorRef): Source => {
      const sources = outputs.get(`${layer} ${call}`) ?? outputs.get(`${layer} 0`)
      return (
        sources?.[output] ?? { problem: `takes output ${output} of "${prefix}${layer}", which is not there` }
      )
    }
    for (const unit of inOrder(units)) {
      const { node, call, nth } = unit
      const source = bound.get(node.name)
      const made = source ? [source] : this.#call(unit, prefix, call.tensors.map(resolve))
      outputs.set(`${node.name} ${nth - 1}`, made)
    }
    return tensorRefs(model.config['output_layers']).map(resolve)
  }

  /** One call: of a model its layers, of anything else one flat layer. */
  #call({ node, call, nth }: Unit, prefix: string, inputs: readonly Source[]): Source[] {
    if (!isModel(node)) return [this.#add(node, prefix, call, inputs, nth)]
    return this.expand(node, `${prefix}${node.name}${nth > 1 ? `@${nth}` : ''}/`, inputs)
  }

  #add(
    node: KerasNode,
    prefix: string,
    call: KerasCall,
    inputs: readonly Source[],
    nth: number,
  ): { layer: string } {
    const name = this.#unique(`${prefix}${node.name}`, nth)
    const lost = inputs.find((source) => 'problem' in source)
    const problem = call.problem ?? lost?.problem
    this.layers.push({
      name,
      className: node.className,
      config: { ...node.config, ...call.keywords },
      inputs: inputs.flatMap((source) => ('layer' in source ? [source.layer] : [])),
      node,
      ...(call.operands ? { operands: call.operands } : {}),
      ...(problem === undefined ? {} : { problem }),
    })
    return { layer: name }
  }

  #unique(name: string, nth: number): string {
    let unique = nth > 1 ? `${name}@${nth}` : name
    let n = Math.max(nth + 1, this.#next.get(name) ?? 0)
    for (; this.#names.has(unique); n++) unique = `${name}@${n}`
    this.#next.set(name, n)
    this.#names.add(unique)
    return unique
  }
}

/** The shape that a layer declares, with the batch, which `input_shape` leaves out; undefined if it declares none. */
export function declaredShape(config: Json): unknown {
  const own = config['batch_shape'] ?? config['batch_input_shape']
  const perImage = config['input_shape']
  return (
    own ?? (Array.isArray(perImage) ? [config['batch_size'] ?? null, ...(perImage as unknown[])] : undefined)
  )
}

/** The shape, with the batch, that a first layer brings along: its own, or that of the nested model's first layer. */
function inputShapeOf(node: KerasNode): unknown {
  const { config, children } = node
  const build = config['build_config'] as Json | undefined
  return (
    declaredShape(config) ??
    (children[0] ? inputShapeOf(children[0]) : undefined) ??
    config['build_input_shape'] ??
    build?.['input_shape']
  )
}

/** `["x", 0, 0]`, `[["x", 0, 0], …]`, or the same in an object. */
function tensorRefs(value: unknown): TensorRef[] {
  if (Array.isArray(value) && typeof value[0] === 'string')
    return [tensorRef(value[0], value[1] ?? 0, value[2] ?? 0)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(tensorRefs)
}

/** Keras lists layers by depth and creation, which need not be an order in which they can be computed. */
function inOrder(units: readonly Unit[]): Unit[] {
  const byName = new Map<string, Unit[]>()
  for (const unit of units) {
    const calls = byName.get(unit.node.name)
    if (calls) calls.push(unit)
    else byName.set(unit.node.name, [unit])
  }
  const before = (unit: Unit): Unit[] =>
    unit.call.tensors.map(({ layer, call }) => {
      const calls = byName.get(layer)
      if (!calls)
        throw new Error(`layer "${unit.node.name}" takes the output of "${layer}", which is not in the file`)
      return calls[call] ?? calls[0]!
    })
  const state = new Map<Unit, 'open' | 'done'>()
  const sorted: Unit[] = []
  // An explicit stack: a network may be deeper than the call stack.
  for (const start of units) {
    const stack = [start]
    while (stack.length > 0) {
      const unit = stack.at(-1)!
      if (state.has(unit)) {
        if (state.get(unit) === 'open') sorted.push(unit)
        state.set(unit, 'done')
        stack.pop()
        continue
      }
      state.set(unit, 'open')
      for (const input of before(unit)) {
        if (state.get(input) === 'open') throw new Error(`layer "${unit.node.name}" depends on itself`)
        if (!state.has(input)) stack.push(input)
      }
    }
  }
  return sorted
}
