/**
 * @file Which channels of a layer look for the same, by the weights alone: the cosine between their kernels, taken as vectors. It
 * means something where all kernels see the same inputs: in convolutions (within a group), transposed ones and dense layers, and
 * in what follows one of these channel by channel, as its activation or batch normalization does.
 */
import { channelAffine, isChannelAffine } from './folding/channelAffine.ts'
import { type Arrays, type KernelLayout, layoutOf } from './folding/foldedWeights.ts'
import { channelCount, type Network, type SupportedLayer } from './network.ts'

export interface KernelBehind {
  /** The index of the layer that has the kernel. */
  readonly layer: number
  readonly layout: KernelLayout
  /** The layers that follow it and multiply each channel by a number: a negative one turns the direction around. */
  readonly factors: readonly number[]
}

/** The kernel that each channel of a layer comes from; null if there is none of its own. */
export function kernelBehind(network: Network, index: number): KernelBehind | null {
  const factors: number[] = []
  for (let at = index; ;) {
    const layer = network.layers[at]
    if (!layer || layer.op === null) return null
    const input = layer.inputs.length === 1 ? network.layers[layer.inputs[0]!] : undefined
    if (!input || input.op === null) return null
    switch (layer.op.kind) {
      case 'conv':
      case 'transposedConv':
      case 'dense':
        return { layer: at, layout: layoutOf(layer.op, channelCount(input.shape)), factors }
    }
    if (isChannelAffine(layer)) factors.push(at)
    else if (!keepsChannels(layer)) return null
    at = layer.inputs[0]!
  }
}

/** Whether a channel is computed from the same channel of the input, place by place, and rises with it. */
function keepsChannels({ op }: SupportedLayer): boolean {
  if (op.kind === 'activation') return !['softmax', 'log_softmax', 'abs'].includes(op.activation.fn)
  return op.kind === 'identity'
}

/** The sign that each channel gets behind its kernel: -1, 0 or 1. */
export function signsOf(
  network: Network,
  { factors }: KernelBehind,
  arrays: Arrays,
  channels: number,
): Int8Array {
  const signs = new Int8Array(channels).fill(1)
  for (const layer of factors) {
    const affine = channelAffine(network.layers[layer] as SupportedLayer, arrays(layer))
    for (let c = 0; c < channels; c++) signs[c]! *= Math.sign(affine.factors[c]!)
  }
  return signs
}

/**
 * The cosines of the kernel of a channel with those of all channels, computed in double precision. NaN if a kernel is all zero, or
 * of another group and so of other inputs.
 */
export function cosinesOf(
  kernel: ArrayLike<number>,
  { depth, groups, channels, channelsFirst }: KernelLayout,
  signs: Int8Array,
  channel: number,
): Float64Array {
  const rows = kernel.length / channels
  const at = (row: number, c: number): number =>
    channelsFirst ? (Math.floor(row / depth) * channels + c) * depth + (row % depth) : row * channels + c
  const products = new Float64Array(channels)
  const squares = new Float64Array(channels)
  for (let row = 0; row < rows; row++) {
    const own = kernel[at(row, channel)]!
    for (let c = 0; c < channels; c++) {
      const weight = kernel[at(row, c)]!
      products[c]! += own * weight
      squares[c]! += weight * weight
    }
  }
  const perGroup = channels / groups
  const group = Math.floor(channel / perGroup)
  return products.map((product, c) => {
    const sign = signs[channel]! * signs[c]!
    if (sign === 0 || Math.floor(c / perGroup) !== group) return Number.NaN
    return sign * Math.max(-1, Math.min(1, product / Math.sqrt(squares[channel]! * squares[c]!)))
  })
}
