/** @file From Keras' list of layers to a `Network`: kinds, shapes and weights; what isn't supported is named. */
import { AppError, messageOf, sentence } from '../../errors.ts'
import { kindOfClass } from '../kinds/index.ts'
import { LayerConfig } from '../kinds/layerConfig.ts'
import type { Layer, Network, Shape, SupportedLayer } from '../network.ts'
import type { KerasLayer, KerasModel } from './kerasConfig.ts'

/**
 * Throws a plain Error with the reason, in words, where there is not exactly one image input. An unsupported layer
 * is no error: it and those after it carry their `problem`, the layers before it can be scanned.
 */
export function kerasNetwork(model: KerasModel, kerasMajor: number): Network {
  const inputs = model.layers.filter((layer) => layer.className === 'InputLayer')
  if (inputs.length !== 1)
    throw new Error(
      `it has ${inputs.length} inputs${inputs.length ? ` (${inputs.map((l) => l.name).join(', ')})` : ''}`,
    )
  const inputShape = readInputShape(inputs[0]!)
  const layers: Layer[] = []
  const indexOf = new Map<string, number>()
  for (const layer of model.layers) {
    indexOf.set(layer.name, layers.length)
    layers.push(readLayer(layer, layers, indexOf, inputShape, kerasMajor))
  }
  return { name: model.name, layers, input: indexOf.get(inputs[0]!.name)!, inputShape }
}

function readLayer(
  layer: KerasLayer,
  before: readonly Layer[],
  indexOf: ReadonlyMap<string, number>,
  inputShape: Shape,
  kerasMajor: number,
): Layer {
  const { name, className } = layer
  const inputs = layer.inputs.map((input) => indexOf.get(input)!)
  const unsupported = (problem: string): Layer => ({ name, className, inputs, op: null, problem })

  const blocked = inputs.map((i) => before[i]!).find((input) => input.op === null)
  if (blocked) return unsupported(`comes after ${blocked.op === null ? rootProblem(blocked) : ''}`)
  if (layer.problem)
    return unsupported(`layer "${name}" (${className}) ${layer.problem}, which Urpatch does not support`)
  const kind = kindOfClass(className)
  if (!kind) return unsupported(sentence('model/unsupported-layer', { layer: name, className }))
  const inputShapes =
    className === 'InputLayer' ? [inputShape] : inputs.map((i) => (before[i] as SupportedLayer).shape)
  if (inputShapes.length === 0) return unsupported(`layer "${name}" (${className}) has no input`)
  try {
    const config = new LayerConfig(className, { ...layer.config, name }, kerasMajor)
    const op = kind.parse(config)
    config.finish()
    return {
      name,
      className,
      inputs,
      op,
      shape: kind.shape(op, inputShapes),
      weights: kind.weights(op, inputShapes[0]!),
    }
  } catch (error) {
    return unsupported(
      error instanceof AppError
        ? error.message
        : `layer "${name}" (${className}) does not fit: ${messageOf(error)}`,
    )
  }
}

/** Layers far behind an unsupported one name it, not each other. */
function rootProblem(layer: { problem: string }): string {
  return layer.problem.replace(/^comes after /, '')
}

function readInputShape(input: KerasLayer): readonly [number, number, number] {
  const shape = (input.config['batch_shape'] ?? input.config['batch_input_shape']) as unknown
  const text = JSON.stringify(shape ?? null).replaceAll('null', '?')
  if (!Array.isArray(shape) || shape.length !== 4)
    throw new Error(`its input has shape ${text}, which is no image`)
  const [, height, width, channels] = shape as unknown[]
  if (typeof height !== 'number' || typeof width !== 'number')
    throw new Error(`its input has shape ${text}, which leaves the image size open`)
  if (channels !== 3 && channels !== 1)
    throw new Error(`its input has shape ${text}; images have 1 or 3 channels, the last axis`)
  return [height, width, channels]
}
