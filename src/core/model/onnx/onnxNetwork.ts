/**
 * @file From an ONNX file to a `Network`. Every node that computes something from the image becomes a layer; those that only
 * compute shapes or constants are done beforehand, and those that only say how numbers are looked at are views (`views`).
 */
import { NetworkBuilder, type NodeOutput, type Origin } from '../dataflow/networkBuilder.ts'
import type { GraphConstant } from '../dataflow/values.ts'
import { refuseTooMany } from '../mostLayers.ts'
import type { Layer, Network, Pair } from '../network.ts'
import { withTokenLayers } from '../tokenLayers.ts'
import { type Composition, compositionOf, isComposed, type Step } from './composed.ts'
import { type OnnxConstant, storedConstant } from './constants.ts'
import { elementwiseConstants } from './foldElementwise.ts'
import { convolvedConstants } from './foldConvolution.ts'
import { movingConstants } from './foldMoving.ts'
import { type GraphNode, graphNodes, innerNodes } from './graphNodes.ts'
import { layerNames } from './layerNames.ts'
import { foldedNote } from './modulePaths.ts'
import type { OnnxGraph, OnnxModel } from './modelProto.ts'
import { NodeReading } from './nodeReading.ts'
import { quantizedConstants } from './quantization.ts'
import { type OnnxImage, readOnnxInput } from './onnxInput.ts'
import { operatorReaders } from './ops/index.ts'
import { withoutSteps } from './spelledOut.ts'
import { constantValue, type OnnxTensor, type OnnxValue } from './values.ts'
import { dimsOf, imageFirst, viewOf } from './views.ts'

export interface OnnxOptions {
  /** Rows and columns if the file leaves them open; null: a usual size. */
  readonly inputSize: Pair | null
}

export interface OnnxNetwork {
  readonly network: Network
  /** By layer: the arrays of `weights`, in order; for a layer that is not computed those that it reads. */
  readonly constants: readonly (readonly GraphConstant[])[]
  /** By layer: the tensor of the file that it is; null for a step within a node. */
  readonly tensors: readonly (string | null)[]
  /** The graph's outputs that are computed from the image, by name. */
  readonly outputs: ReadonlyMap<string, OnnxTensor>
}

/** The newest version of ONNX's operators that is known here. */
const newestOpset = 28

/**
 * Throws a plain Error with the reason, in words, if there is not exactly one image input, `BrokenFile` if the graph holds together no more, and `TooManyLayers`. An operator
 * that isn't supported is no error: its layer and those behind it carry their `problem`.
 */
export function onnxNetwork(model: OnnxModel, options: OnnxOptions): OnnxNetwork {
  const opset = model.opsets.get('') ?? 1
  if (opset > newestOpset)
    throw new Error(
      `it uses version ${opset} of ONNX's operators, and Urpatch knows them up to ${newestOpset}: export it with opset_version=20`,
    )
  if (model.graph.hasSparse) throw new Error('it stores arrays without their zeros (sparse_initializer)')
  if (model.graph.nodes.length === 0) throw new Error('its graph has no nodes')
  const image = readOnnxInput(model.graph, options.inputSize)
  return new Reader(model, image).read()
}

class Reader {
  readonly #model: OnnxModel
  readonly #image: OnnxImage
  readonly #nodes: readonly GraphNode[]
  /** Nodes of branches, by graph, as far as they are looked into. */
  readonly #inner = new Map<OnnxGraph, readonly GraphNode[]>()
  readonly #names: ReadonlyMap<GraphNode, string>
  readonly #builder = new NetworkBuilder<OnnxValue>((value) =>
    value.kind === 'constant' ? value.constant.shape : dimsOf(value.view),
  )
  /** Where each tensor of the file comes from. */
  readonly #sources = new Map<string, NodeOutput>()
  /** The first tensor of each node, by the node's name. */
  readonly #tensors = new Map<string, readonly string[]>()

  constructor(model: OnnxModel, image: OnnxImage) {
    this.#model = model
    this.#image = image
    this.#nodes = graphNodes(model)
    const all = this.#nodes.flatMap((node) => [...this.#branchNodes(node), node])
    const fed = model.graph.inputs.filter(({ name }) => !this.#isStored(name))
    this.#names = layerNames(all, new Set([image.name]), new Set(fed.map(({ name }) => name)))
  }

  read(): OnnxNetwork {
    this.#addImage()
    this.#addOthers()
    for (const tensor of this.#model.graph.initializers)
      this.#addConstant(tensor.name, storedConstant(tensor))
    for (const node of this.#nodes) this.#add(node)
    const { layers, origins, constants } = this.#builder
    const { shape, openSize } = this.#image
    const named = namedLayers(layers, origins, this.#tensors, this.#foldedNotes())
    const short = withoutSteps(named, new Set([...this.#outputs().values()].map(({ layer }) => layer)))
    // Steps within a node are not looked at.
    const whole = withTokenLayers(short.layers, (layer) => isOutput(origins[short.from[layer]!]!))
    const from = whole.from.map((layer) => (layer === null ? null : short.from[layer]!))
    return {
      network: {
        // Exporters name graphs after themselves: `main_graph`, `torch_jit`, `tf2onnx`.
        name: null,
        layers: whole.layers,
        input: whole.layers.findIndex(({ op }) => op?.kind === 'input'),
        inputShape: shape,
        openSize,
      },
      constants: from.map((i) => (i === null ? [] : constants[i]!)),
      tensors: from.map((i) => (i === null ? null : this.#tensorOf(origins[i]!.node, origins[i]!.part))),
      outputs: new Map(
        [...this.#outputs()].map(([tensor, value]) => [
          tensor,
          { ...value, layer: from.indexOf(value.layer) },
        ]),
      ),
    }
  }

  /** What exporters have folded into nodes, by the nodes' names. */
  #foldedNotes(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#names].flatMap(([node, name]): [string, string][] => {
        const note = foldedNote(node)
        return note === null ? [] : [[name, note]]
      }),
    )
  }

  /** With layers of the builder. */
  #outputs(): ReadonlyMap<string, OnnxTensor> {
    const outputs = new Map<string, OnnxTensor>()
    for (const name of this.#model.graph.outputs) {
      const source = this.#sources.get(name)
      const value = source && this.#builder.value(source)
      if (value?.kind === 'tensor') outputs.set(name, value)
    }
    return outputs
  }

  /** The nodes within a node's branches. */
  #branchNodes(node: GraphNode): readonly GraphNode[] {
    return [...node.attributes.values()].flatMap((attribute) => {
      if (attribute.kind !== 'graph') return []
      const nodes = innerNodes(attribute.value, node.version)
      this.#inner.set(attribute.value, nodes)
      return nodes.flatMap((inner) => [...this.#branchNodes(inner), inner])
    })
  }

  #tensorOf(node: string, part: string | null): string | null {
    const outputs = this.#tensors.get(node) ?? []
    if (part === null) return outputs[0] ?? null
    return part.startsWith(':') ? (outputs[Number(part.slice(1))] ?? null) : null
  }

  #addImage(): void {
    const { name, shape, axes, batch, wholeNumbers } = this.#image
    const node = { name, op: 'Input', inputs: [] }
    this.#tensors.set(name, [name])
    this.#builder.add(
      node,
      () => {
        const image = this.#builder.image(shape)
        const whole = wholeNumbers
          ? this.#builder.layer({ kind: 'wholeNumbers' }, [image], [], { part: 'whole numbers' })
          : image
        const tensor: OnnxTensor = { ...whole, view: viewOf(shape, batch, axes) }
        return [tensor]
      },
      false,
    )
    this.#sources.set(name, { node: name, output: 0 })
  }

  /** Inputs that are neither the image nor stored are not fed: what reads them is not computed. */
  #addOthers(): void {
    for (const { name } of this.#model.graph.inputs) {
      if (this.#sources.has(name) || this.#isStored(name)) continue
      this.#builder.refuse(
        { name, op: 'Input', inputs: [] },
        `input "${name}" is not the image, and Urpatch feeds images only`,
      )
      this.#sources.set(name, { node: name, output: 0 })
    }
  }

  #isStored(name: string): boolean {
    return this.#model.graph.initializers.some((tensor) => tensor.name === name)
  }

  #addConstant(tensor: string, constant: OnnxConstant): void {
    const name = `initializer ${tensor}`
    this.#builder.add({ name, op: 'Constant', inputs: [] }, () => [constantValue(constant)], false)
    this.#sources.set(tensor, { node: name, output: 0 })
  }

  #add(node: GraphNode): void {
    const name = this.#names.get(node)!
    const isBranched = node.op === 'If' && node.domain === ''
    if (isBranched && this.#addBranch(node)) return
    const composition = this.#compositionOf(node, name)
    if (composition && !(composition instanceof Error)) {
      for (const [tensor, constant] of composition.constants) this.#addConstant(tensor, constant)
      for (const step of composition.steps) this.#addOne(step, null)
      return
    }
    const className = node.domain === '' ? node.op : `${node.domain}.${node.op}`
    const problem = isBranched ? new Error('which of its branches is computed depends on the image') : null
    this.#addOne({ name, className, node }, composition ?? problem)
  }

  /** Null if the node is read as it is, or what it reads is not computed; an error says what is wrong. */
  #compositionOf(node: GraphNode, name: string): Composition | Error | null {
    const values = node.inputs.map((input) => this.#valueOf(input))
    const isKnown = node.inputs.every((input, i) => input === '' || values[i])
    const dependsOnImage = values.some((value) => value?.kind === 'tensor')
    if (!isComposed(node) || !isKnown || !dependsOnImage) return null
    try {
      return compositionOf(node, name, this.#freePrefix(name), values)
    } catch (error) {
      return error as Error
    }
  }

  /** The name, made longer until nothing of the file is called so with a full stop behind it. */
  #freePrefix(name: string): string {
    const names = [
      ...this.#names.values(),
      ...this.#nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
    ]
    let prefix = name
    while (names.some((one) => one.startsWith(`${prefix}.`))) prefix += '_'
    return prefix
  }

  /** Undefined if the tensor is not computed, or there is none. */
  #valueOf(tensor: string): OnnxValue | undefined {
    const source = this.#sources.get(tensor)
    return (source && this.#builder.value(source)) ?? undefined
  }

  /** `problem` is why the node is not computed, if that is known beforehand. */
  #addOne({ name, className, node }: Step, problem: Error | null): void {
    const given = node.inputs.filter((input) => input !== '')
    const inFile = node.name || node.outputs[0]!
    this.#tensors.set(name, node.outputs)
    this.#builder.add(
      {
        name,
        op: className,
        inputs: given.map((input) => this.#sources.get(input)!),
        ...(inFile !== name && { inFile }),
      },
      (values) => {
        if (problem) throw problem
        // Optional inputs that are left out have their place all the same.
        const rest = [...values]
        const inputs = node.inputs.map((input) => (input === '' ? undefined : rest.shift()))
        return this.#valuesOf(node, new NodeReading(node, name, inputs, this.#image.batch, this.#builder))
      },
      unchanged.has(node.op),
    )
    refuseTooMany(this.#builder.layers.length)
    for (const [output, tensor] of node.outputs.entries())
      if (tensor !== '') this.#sources.set(tensor, { node: name, output })
  }

  #valuesOf(node: GraphNode, reading: NodeReading): readonly OnnxValue[] | null {
    if (node.domain !== '') return null
    const isConstant = reading.inputs.every((input) => input === undefined || input.kind === 'constant')
    const constantReader = constantReaders.get(node.op)
    if (isConstant && constantReader) {
      const constants = constantReader(reading)
      reading.attributes.finish()
      return ('floats' in constants ? [constants] : constants).map(constantValue)
    }
    const reader = operatorReaders.get(node.op)
    if (!reader || isConstant) return null
    const values = reader(reading)
    reading.attributes.finish()
    return ('kind' in values ? [values] : values).map((value) =>
      value.kind === 'tensor' ? { ...value, view: imageFirst(value.view) } : value,
    )
  }

  /** The branch of an If that shapes decide, as exporters write what depends on them. Is false if the image decides. */
  #addBranch(node: GraphNode): boolean {
    const source = this.#sources.get(node.inputs[0] ?? '')
    const condition = source && this.#builder.value(source)
    if (condition?.kind !== 'constant') return false
    const chosen = condition.constant.numbers()[0] ? 'then_branch' : 'else_branch'
    const attribute = node.attributes.get(chosen)
    if (attribute?.kind !== 'graph') return false
    const branch = attribute.value
    for (const tensor of branch.initializers) this.#addConstant(tensor.name, storedConstant(tensor))
    for (const inner of this.#inner.get(branch) ?? []) this.#add(inner)
    for (const [i, tensor] of node.outputs.entries()) {
      const inner = this.#sources.get(branch.outputs[i] ?? '')
      if (tensor !== '' && inner) this.#sources.set(tensor, inner)
    }
    return true
  }
}

/** Whether a layer is an output of its node, and no step within it. */
function isOutput({ part }: Origin): boolean {
  return part === null || part.startsWith(':')
}

/** Operators that give what they read. */
const unchanged: ReadonlySet<string> = new Set(['Identity', 'Cast', 'CastLike', 'Dropout'])

const constantReaders = new Map(
  [elementwiseConstants, movingConstants, convolvedConstants, quantizedConstants].flatMap((table) =>
    Object.entries(table),
  ),
)

/** A step within a node is named by what it does, a second output by its number; the note tells the tensor of the file. */
function namedLayers(
  layers: readonly Layer[],
  origins: NetworkBuilder['origins'],
  tensors: ReadonlyMap<string, readonly string[]>,
  foldedNotes: ReadonlyMap<string, string>,
): readonly Layer[] {
  const steps = new Map<string, number>()
  return layers.map((layer, i) => {
    const { node, part } = origins[i]!
    if (layer.op === null) return layer
    if (part !== null && !part.startsWith(':')) {
      // Several inputs of a node may have to lie in another order.
      const count = (steps.get(`${node} ${part}`) ?? 0) + 1
      steps.set(`${node} ${part}`, count)
      return { ...layer, name: `${node} (${part}${count > 1 ? ` ${count}` : ''})` }
    }
    const name = part === null ? node : node + part
    const tensor = tensors.get(node)?.[part === null ? 0 : Number(part.slice(1))]
    const inFile = tensor === undefined || tensor === name ? undefined : `In the file it is "${tensor}".`
    const notes = [layer.note, foldedNotes.get(name), inFile].filter((note) => note !== undefined)
    return notes.length === 0 ? { ...layer, name } : { ...layer, name, note: notes.join(' ') }
  })
}
