/** @file What layers are called in a sentence about the way of a channel. */
import type { Activation, Network, Operation } from '../model/network.ts'
import { layerAt } from './lineage.ts'

const activations: Partial<Record<Activation['fn'], string>> = {
  relu: 'ReLU',
  relu6: 'ReLU6',
  general_relu: 'ReLU',
  leaky_relu: 'leaky ReLU',
  elu: 'ELU',
  elu_alpha: 'ELU',
  selu: 'SELU',
  celu: 'CELU',
  silu: 'SiLU',
  hard_silu: 'hard SiLU',
  gelu: 'GELU',
  gelu_tanh: 'GELU',
  hard_sigmoid_2: 'hard sigmoid',
}

export function activationWord({ fn }: Activation): string {
  return activations[fn] ?? fn.replaceAll('_', ' ')
}

/** As `batch normalization` or `max pooling`; null for what does nothing. */
export function layerWord(op: Operation): string | null {
  switch (op.kind) {
    case 'identity':
      return null
    case 'activation':
      return activationWord(op.activation)
    case 'batchNorm':
      return 'batch normalization'
    case 'normalization':
      return 'normalization'
    case 'pool':
      return op.reduce === 'max' ? 'max pooling' : 'average pooling'
    case 'globalPool':
      return op.reduce === 'max' ? 'global max pooling' : 'global average pooling'
    case 'merge':
    case 'addScaled':
      return op.kind === 'merge' && op.fn === 'multiply' ? 'a gate' : 'an addition'
    case 'concat':
      return 'a concatenation'
    case 'prelu':
      return 'PReLU'
    case 'upsample':
    case 'resize':
    case 'interpolate':
      return 'a resize'
    case 'rescale':
    case 'withConstant':
      return 'arithmetic with constants'
    case 'quantize':
    case 'dequantize':
      return 'quantization'
    case 'layerNorm':
      return 'layer normalization'
    case 'sliceChannels':
    case 'takeChannels':
      return 'a choice of channels'
    default:
      return op.kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  }
}

/** As `batch normalization, ReLU and max pooling`, for layers in this order; empty if none does anything. */
export function layersWord(network: Network, layers: readonly number[]): string {
  const words = layers.map((layer) => layerWord(layerAt(network, layer).op)).filter((word) => word !== null)
  const different = words.filter((word, i) => word !== words[i - 1])
  return joined(different)
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`
}
