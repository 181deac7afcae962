/** @file Opens files as a model, and looks at the network that comes of it as the page does. */
import type { Network, SupportedLayer } from '../../../src/core/model/network.ts'
import { elementCount, parameterCount } from '../../../src/core/model/network.ts'
import { groupLayers } from '../../../src/core/model/layerGroups.ts'
import { readKerasConfig } from '../../../src/core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../../src/core/model/keras/kerasNetwork.ts'
import { receptiveFields } from '../../../src/core/model/receptiveField.ts'
import { firstLayerToShow, whyNotScannable } from '../../../src/core/model/scannable.ts'
import { guessPreprocessing } from '../../../src/core/preprocessing/guess/guess.ts'
import { inputWeightLayers } from '../../../src/core/preprocessing/guess/guessInput.ts'
import { parseJson } from '../../../src/core/parseJson.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import type { OpenedModel } from '../../../src/engine/model/formats/format.ts'
import type { FuzzInput } from '../inputs/input.ts'
import { asClause, isWhole, must, sentenceProblem } from './check.ts'

/** Weights of more numbers are not read here: it takes time and shows nothing new. */
const mostRead = 1e6

export async function openAsModel(input: FuzzInput): Promise<void> {
  const files = input.map(({ name, bytes }) => ({ path: name, file: new File([bytes], baseOf(name)) }))
  const opened = await openModel(files, { inputSize: null })
  try {
    checkNetwork(opened.network)
    checkWeights(opened)
    const { network, labels, madeBy } = opened
    if (labels)
      must(
        labels.every((label) => typeof label === 'string'),
        'a label is no text',
      )
    const inputWeights = new Map(
      inputWeightLayers(network)
        .filter((layer) => parameterCount(network.layers[layer] as SupportedLayer) < mostRead)
        .map((layer) => [layer, opened.weights(layer)]),
    )
    guessPreprocessing({ network, name: 'model', inputWeights, madeBy: madeBy ?? null })
  } finally {
    opened.close()
  }
}

/** Reads a configuration without weights. What is thrown is a reason, which the caller puts into a sentence. */
export function readAsConfiguration([file]: FuzzInput): Promise<void> {
  const { name, bytes } = file!
  const kerasMajor = Number(/\d/.exec(name)?.[0])
  try {
    const config = parseJson(new TextDecoder().decode(bytes))
    const { network } = kerasNetwork(readKerasConfig(config, kerasMajor), { kerasMajor, inputSize: null })
    checkNetwork(network)
  } catch (error) {
    throw asClause(error)
  }
  return Promise.resolve()
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function isShape(shape: readonly unknown[]): boolean {
  return shape.length > 0 && shape.every((length) => isWhole(length, 1))
}

function checkNetwork(network: Network): void {
  const { layers, inputShape, input } = network
  must(inputShape.length === 3 && isShape(inputShape), `the input has shape ${JSON.stringify(inputShape)}`)
  must(layers[input]?.className !== undefined, 'there is no input')
  must(new Set(layers.map(({ name }) => name)).size === layers.length, 'two layers have one name')
  for (const [i, layer] of layers.entries()) {
    must(
      layer.inputs.every((one) => isWhole(one) && one < i),
      `${layer.name} reads a layer that does not come before it`,
    )
    if (layer.op === null) {
      const problem = sentenceProblem(layer.problem)
      must(problem === null, `the problem of ${layer.name} ${problem}: ${layer.problem}`)
    } else {
      must(isShape(layer.shape), `${layer.name} has shape ${JSON.stringify(layer.shape)}`)
      for (const { name, shape } of layer.weights)
        must(
          shape.every((n) => isWhole(n, 1)),
          `${name} of ${layer.name} has shape ${JSON.stringify(shape)}`,
        )
    }
    whyNotScannable(layer)
  }
  firstLayerToShow(network)
  groupLayers(layers.map(({ name }) => name))
  for (const field of receptiveFields(network))
    if (field)
      must(
        field.size.every((n) => n > 0 && !Number.isNaN(n)) && field.stride.every(Number.isFinite),
        `a field has size ${field.size.join('×')} and stride ${field.stride.join('×')}`,
      )
}

function checkWeights({ network, parameters, weights }: OpenedModel): void {
  must(parameters.length === network.layers.length, 'there are not as many counts as layers')
  must(
    parameters.every((count) => isWhole(count)),
    `a layer has ${parameters.join()} parameters`,
  )
  for (const [i, layer] of network.layers.entries()) {
    if (layer.op === null || layer.sharesWeightsOf !== undefined || parameterCount(layer) > mostRead) continue
    const read = weights(i)
    const specs = layer.weights.filter(({ unread }) => !unread)
    must(
      specs.every(({ shape }, w) => read[w]?.length === elementCount(shape)),
      `${layer.name} has weights of other lengths than its shapes`,
    )
  }
}
