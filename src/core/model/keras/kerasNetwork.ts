/** @file From Keras' flat list of layers to a `Network`: kinds, shapes and weights. What isn't supported is named. */
import { AppError, clause, reasonOf } from '../../errors.ts'
import { kindOf } from '../kinds/index.ts'
import { refuseNoShape } from '../kinds/kind.ts'
import { readerOf } from './layers/index.ts'
import { LayerConfig } from './layers/layerConfig.ts'
import {
  type Layer,
  type Network,
  type Pair,
  problemAfter,
  type Shape,
  type SupportedLayer,
} from '../network.ts'
import type { KerasLayer, KerasModel, KerasNode } from './kerasConfig.ts'
import { isChannelsFirst, readInput } from './kerasInput.ts'

export interface KerasOptions {
  /** Version of the Keras that wrote the file. */
  readonly kerasMajor: number
  /** Rows and columns if the file leaves them open; null: a usual size. */
  readonly inputSize: Pair | null
}

export interface KerasNetwork {
  readonly network: Network
  /** By layer: the layer as the file has it, which is how its weights are found. */
  readonly nodes: readonly KerasNode[]
}

/**
 * Throws a plain Error with the reason, in words, if there is not exactly one image input. An unsupported layer is no
 * error: it and those after it carry their `problem`, and the layers before it can be scanned.
 */
export function kerasNetwork(model: KerasModel, options: KerasOptions): KerasNetwork {
  const channelsFirst = isChannelsFirst(model.layers)
  const { input, shape, openSize } = readInput(model.layers, channelsFirst, options.inputSize)
  const reading = new NetworkReader(input, shape, options.kerasMajor, channelsFirst)
  for (const layer of model.layers) reading.add(layer)
  const { layers, nodes } = reading
  return {
    network: {
      name: model.name,
      layers,
      input: layers.findIndex(({ name }) => name === input.name),
      inputShape: shape,
      openSize,
    },
    nodes,
  }
}

class NetworkReader {
  readonly layers: Layer[] = []
  readonly nodes: KerasNode[] = []
  readonly #indexOf = new Map<string, number>()
  readonly #firstOf = new Map<KerasNode, number>()
  readonly #input: KerasLayer
  readonly #inputShape: Shape
  readonly #kerasMajor: number
  readonly #channelsFirst: boolean

  constructor(input: KerasLayer, inputShape: Shape, kerasMajor: number, channelsFirst: boolean) {
    this.#input = input
    this.#inputShape = inputShape
    this.#kerasMajor = kerasMajor
    this.#channelsFirst = channelsFirst
  }

  add(layer: KerasLayer): void {
    const index = this.layers.length
    const inputs = layer.inputs.map((name) => this.#indexOf.get(name)!)
    this.#indexOf.set(layer.name, index)
    this.nodes.push(layer.node)
    const read: Layer = {
      name: layer.name,
      className: layer.className,
      inputs,
      ...this.#read(layer, inputs),
    }
    this.layers.push(read)
    if (read.op !== null && !this.#firstOf.has(layer.node)) this.#firstOf.set(layer.node, index)
  }

  #read(
    layer: KerasLayer,
    inputs: readonly number[],
  ): Pick<SupportedLayer, 'op' | 'shape' | 'weights' | 'sharesWeightsOf'> | { op: null; problem: string } {
    const { name, className, node } = layer
    const unsupported = (problem: string): { op: null; problem: string } => ({ op: null, problem })

    const blocked = inputs.map((i) => this.layers[i]!).find((input) => input.op === null)
    if (blocked) return unsupported(problemAfter(blocked))
    if (layer.problem)
      return unsupported(`layer "${name}" (${className}) ${layer.problem}, which Urpatch does not support`)
    const read = readerOf(className)
    if (!read) return unsupported(clause('model/unsupported-layer', { layer: name, className }))
    const isInput = className === 'InputLayer'
    if (isInput && layer !== this.#input)
      return unsupported(`input "${name}" is not the image, and Urpatch feeds images only`)
    const shapes = isInput ? [this.#inputShape] : inputs.map((i) => (this.layers[i] as SupportedLayer).shape)
    if (shapes.length === 0) return unsupported(`layer "${name}" (${className}) has no input`)
    try {
      const config = new LayerConfig(
        className,
        { ...layer.config, name },
        {
          kerasMajor: this.#kerasMajor,
          channelsFirst: this.#channelsFirst,
          inputs: shapes,
          ...(layer.operands ? { operands: layer.operands } : {}),
        },
      )
      const op = read(config)
      config.finish()
      const kind = kindOf(op)
      const first = this.#firstOf.get(node)
      const shape = kind.shape(op, shapes)
      const weights = kind.weights(op, shapes[0]!)
      refuseNoShape(shape, 'its output')
      for (const weight of weights) refuseNoShape(weight.shape, `its ${weight.name}`)
      return {
        op,
        shape,
        weights,
        ...(first === undefined ? {} : { sharesWeightsOf: first }),
      }
    } catch (error) {
      return unsupported(
        error instanceof AppError
          ? error.message
          : `layer "${name}" (${className}) does not fit: ${reasonOf(error)}`,
      )
    }
  }
}
