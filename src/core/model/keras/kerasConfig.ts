/**
 * @file The configuration Keras writes, of every version, as one list of layers with the names of their inputs.
 * Structure only: what a layer computes is read in `kinds/`.
 *
 * Keras 2 writes `inbound_nodes` as `[[["name", 0, 0, {}], …]]`, Keras 3 as `[{args, kwargs}]` with tensors
 * `{class_name: "__keras_tensor__", config: {keras_history: ["name", 0, 0]}}`.
 */

export interface KerasLayer {
  readonly name: string
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
  /** Names of the layers it is applied to. */
  readonly inputs: readonly string[]
  /** Why the way it is called cannot be computed; a clause for the user. */
  readonly problem?: string
}

export interface KerasModel {
  readonly name: string
  readonly layers: readonly KerasLayer[]
}

type Json = Readonly<Record<string, unknown>>

/** Throws a plain Error with the reason, in words, where this is no Sequential or Functional network. */
export function readKerasConfig(modelConfig: unknown): KerasModel {
  const model = object(modelConfig, 'it is not an object')
  const className = model['class_name']
  if (className === 'Sequential') return readSequential(model['config'])
  if (className === 'Functional' || className === 'Model')
    return readFunctional(object(model['config'], 'it has no config'))
  throw new Error(`the model is of type ${String(className)}`)
}

function readSequential(config: unknown): KerasModel {
  // Keras before 2.3 wrote the list of layers itself.
  const named = Array.isArray(config)
    ? { name: 'sequential', layers: config }
    : object(config, 'it has no config')
  const layers = list((named as Json)['layers']).map(layerHead)
  const first = layers[0]
  if (first && first.className !== 'InputLayer') {
    const shape =
      first.config['batch_input_shape'] ?? first.config['batch_shape'] ?? (named as Json)['build_input_shape']
    // As Keras names it.
    const name = `${first.name}_input`
    layers.unshift({ name, className: 'InputLayer', config: { name, batch_shape: shape } })
  }
  return {
    name: String((named as Json)['name'] ?? 'sequential'),
    layers: layers.map((layer, i) => ({ ...layer, inputs: i === 0 ? [] : [layers[i - 1]!.name] })),
  }
}

function readFunctional(config: Json): KerasModel {
  const layers = list(config['layers']).map((entry): KerasLayer => {
    const layer = object(entry, 'a layer is not an object')
    const nodes = list(layer['inbound_nodes'] ?? [])
    const head = layerHead(entry)
    if (nodes.length > 1) return { ...head, inputs: [], problem: `is used ${nodes.length} times (shared)` }
    return { ...head, ...(nodes.length === 0 ? { inputs: [] } : readNode(nodes[0])) }
  })
  return { name: String(config['name'] ?? 'model'), layers: topological(layers) }
}

function layerHead(entry: unknown): { name: string; className: string; config: Json } {
  const layer = object(entry, 'a layer is not an object')
  const config = object(layer['config'], 'a layer has no config')
  const name = layer['name'] ?? config['name']
  if (typeof name !== 'string') throw new Error('a layer has no name')
  return { name, className: String(layer['class_name']), config }
}

/** The inputs of one call of a layer. */
function readNode(node: unknown): Pick<KerasLayer, 'inputs' | 'problem'> {
  const inputs: string[] = []
  let problem: string | undefined
  if (Array.isArray(node)) {
    for (const call of node.every(Array.isArray) ? node : [node]) {
      const [name, , tensor, keywords] = call as [string, number, number, Json?]
      inputs.push(name)
      if (tensor !== 0) problem = `takes output ${tensor} of "${name}"`
      problem ??= unknownKeyword(keywords)
    }
  } else {
    const { args, kwargs } = object(node, 'an inbound node is not an object')
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(visit)
      const history = tensorHistory(value)
      if (history) inputs.push(history[0])
      else problem = `is called with the constant ${JSON.stringify(value)}`
    }
    visit(args)
    problem ??= unknownKeyword(kwargs as Json | undefined)
  }
  return problem === undefined ? { inputs } : { inputs, problem }
}

/** `training: false` and `mask: null` say nothing; any other argument could change the result. */
function unknownKeyword(keywords: Json | undefined): string | undefined {
  const telling = Object.entries(keywords ?? {}).find(
    ([key, value]) => value !== null && !(key === 'training' && value === false),
  )
  return telling && `is called with ${telling[0]} = ${JSON.stringify(telling[1])}`
}

function tensorHistory(value: unknown): [string, number, number] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { class_name, config } = value as Json
  return class_name === '__keras_tensor__'
    ? ((config as Json | undefined)?.['keras_history'] as [string, number, number])
    : undefined
}

/** Keras lists layers in order of creation by depth, which needs not be an order of execution. */
function topological(layers: readonly KerasLayer[]): KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const state = new Map<string, 'open' | 'done'>()
  const sorted: KerasLayer[] = []
  // An explicit stack: a network may be deeper than the call stack.
  for (const root of layers) {
    const stack = [root]
    while (stack.length > 0) {
      const layer = stack.at(-1)!
      if (state.get(layer.name) === 'done') {
        stack.pop()
        continue
      }
      if (state.get(layer.name) === 'open') {
        state.set(layer.name, 'done')
        sorted.push(layer)
        stack.pop()
        continue
      }
      state.set(layer.name, 'open')
      for (const name of layer.inputs) {
        const input = byName.get(name)
        if (!input)
          throw new Error(`layer "${layer.name}" takes the output of "${name}", which is not in the file`)
        if (state.get(name) === 'open') throw new Error(`layer "${layer.name}" depends on itself`)
        if (!state.has(name)) stack.push(input)
      }
    }
  }
  return sorted
}

function object(value: unknown, problem: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(problem)
  return value as Json
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('its list of layers is missing')
  return value as unknown[]
}
