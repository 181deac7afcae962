/**
 * @file Which layers of a network no machine can compute here, from their shapes alone. A few bytes of a file can ask for any
 * number of numbers, so this is said when the network is opened, not when a scan fails.
 */
import { formatBytes } from '../estimates.ts'
import { formatShape } from './kinds/kind.ts'
import {
  elementCount,
  type Layer,
  type Network,
  parameterCount,
  problemAfter,
  type Shape,
} from './network.ts'

/** What WebAssembly can address, and more than a texture of a graphics card holds. */
export const mostBytes = 2 ** 32

const bytesOfNumber = 4

/** The bytes of an array of this shape. */
export function bytesOf(shape: Shape): number {
  return elementCount(shape) * bytesOfNumber
}

/**
 * The network, in which a layer carries its `problem` if it needs more than `mostBytes` for one image: for its map and the maps
 * that it reads, beside the weights of all layers up to it. Layers that come after it carry theirs.
 */
export function withinMemory(network: Network): Network {
  const layers: Layer[] = []
  let weights = 0
  for (const layer of network.layers) layers.push(fitting(layer))
  return layers.every((layer, i) => layer === network.layers[i]) ? network : { ...network, layers }

  function fitting(layer: Layer): Layer {
    if (layer.op === null) return layer
    const { name, className, inputs, op, shape } = layer
    const refused = (problem: string): Layer => ({ name, className, inputs, op: null, problem })
    const blocked = inputs.map((input) => layers[input]!).find((input) => input.op === null)
    if (blocked?.op === null) return refused(problemAfter(blocked))
    const own = layer.sharesWeightsOf === undefined ? parameterCount(layer) * bytesOfNumber : 0
    const read = [...new Set(inputs)].reduce((sum, input) => sum + mapBytes(layers[input]!), 0)
    const needed = (op.kind === 'input' ? 0 : read) + bytesOf(shape) + weights + own
    if (needed <= mostBytes) {
      weights += own
      return layer
    }
    return refused(
      `layer "${name}" (${className}) makes ${formatShape(shape)} of each image and needs ${formatBytes(needed)} for it, more than the ${formatBytes(mostBytes)} that can be had`,
    )
  }
}

function mapBytes(layer: Layer): number {
  return layer.op === null ? 0 : bytesOf(layer.shape)
}
