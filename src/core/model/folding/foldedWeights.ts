/**
 * @file The weights of a convolution, or of a dense layer, with affine layers folded into them:
 *
 *     kernel'[…, in, out] = kernel[…, in, out] · before.factor[in] · behind.factor[out]
 *     bias'[out] = (bias[out] + Σ kernel[…, in, out] · before.offset[in]) · behind.factor[out] + behind.offset[out]
 *
 * Sums and products are in double precision; each weight is rounded once.
 */
import { channelCount, type Network, type Operation, type SupportedLayer } from '../network.ts'
import { type ChannelAffine, chained, channelAffine } from './channelAffine.ts'
import type { Step } from './steps.ts'

/** The arrays of a layer, or of the one that it shares weights with. */
export type Arrays = (layer: number) => readonly Float32Array[]

/** What is folded into the weights of a step; null: nothing. */
export interface Folded {
  readonly before: ChannelAffine | null
  readonly behind: ChannelAffine | null
}

export function foldedOf(network: Network, { before, behind }: Step, arrays: Arrays): Folded {
  const all = (layers: readonly number[]): ChannelAffine | null =>
    layers.reduce<ChannelAffine | null>(
      (first, i) => chained(first, channelAffine(network.layers[i] as SupportedLayer, arrays(i))),
      null,
    )
  return { before: all(before), behind: all(behind) }
}

/** Factors from here on cost digits that single precision has not to spare, if they are not 0: products could underflow. */
const leastFactor = 2 ** -64
/** Products of up to this size are tame for Winograd, and fit into the sums of any convolution. */
const largestProduct = 1e30

/**
 * Whether folding loses nothing: numbers are finite, and none of the new weights overflows or underflows. If not, the layers
 * are computed one after the other, so that what is wrong with them shows where it is. `largest` is the largest weight.
 */
export function isSafe({ before, behind }: Folded, largest: number): boolean {
  const factors = [before, behind].map((affine) => sizesOf(affine?.factors ?? Float64Array.of(1)))
  const isSmallest = factors.every(({ least }) => least >= leastFactor)
  const product = factors.reduce((all, { most }) => all * Math.max(1, most), Math.max(1, largest))
  const offsets = [before, behind].map((affine) => sizesOf(affine?.offsets ?? Float64Array.of(0)).most)
  // Comparisons with NaN are false.
  return isSmallest && product * Math.max(1, ...offsets) <= largestProduct
}

/**
 * The largest number, without its sign; NaN if any is. It is a loop, as a call for each of the millions of weights of a large
 * network takes ten times as long.
 */
export function largestIn(numbers: Float32Array): number {
  let most = 0
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, Math.abs(numbers[i]!))
  return most
}

/** The largest number, and the smallest besides 0, without their signs; NaN if any is. */
function sizesOf(numbers: Float64Array): { least: number; most: number } {
  const sizes = [...numbers].map(Math.abs)
  return { least: Math.min(...sizes.map((size) => (size === 0 ? Infinity : size))), most: Math.max(...sizes) }
}

/** How a kernel lies in its array: `[outer, depth, channels]`, or `[outer, channels, depth]` if `channelsFirst`. */
export interface KernelLayout {
  /** Which of the layer's arrays. */
  readonly index: number
  /** Input channels of a group; the groups follow one another. */
  readonly depth: number
  readonly groups: number
  readonly channels: number
  readonly channelsFirst: boolean
}

/** Throws for a layer without a kernel. */
export function layoutOf(op: Operation, inChannels: number): KernelLayout {
  const plain = { index: 0, depth: inChannels, groups: 1, channelsFirst: false }
  switch (op.kind) {
    case 'conv':
      return { ...plain, depth: inChannels / op.groups, groups: op.groups, channels: op.filters }
    case 'depthwiseConv':
      return { ...plain, depth: 1, groups: inChannels, channels: inChannels * op.multiplier }
    // Folded into the second of its convolutions.
    case 'separableConv':
      return { ...plain, index: 1, depth: inChannels * op.multiplier, channels: op.filters }
    case 'transposedConv':
      return { ...plain, channels: op.filters, channelsFirst: true }
    case 'dense':
      return { ...plain, channels: op.units }
    default:
      throw new Error(`nothing is folded into a layer of the kind ${op.kind}`)
  }
}

/** A layer, and what is folded into it. */
export interface Folding {
  readonly op: Operation
  /** Channels of its input. */
  readonly inChannels: number
  readonly folded: Folded
}

export function foldingOf(network: Network, step: Step, arrays: Arrays): Folding {
  const { inputs } = network.layers[step.base]!
  const { shape } = network.layers[inputs[0]!] as SupportedLayer
  return { op: step.op, inChannels: channelCount(shape), folded: foldedOf(network, step, arrays) }
}

/** Which of the layer's arrays is the kernel that is folded into: the others but the bias stay. */
export function kernelIndex({ op, inChannels }: Folding): number {
  return layoutOf(op, inChannels).index
}

/** `bias` is that of the layer alone, if it has one. The kernel is read if something is folded in before it. */
export function foldedBias(
  { op, inChannels, folded: { before, behind } }: Folding,
  bias: ArrayLike<number> | undefined,
  kernel: ArrayLike<number> | null,
): Float32Array<ArrayBuffer> {
  const { channels } = layoutOf(op, inChannels)
  const sums = Float64Array.from({ length: channels }, (_, c) => bias?.[c] ?? 0)
  if (before)
    each(op, inChannels, kernel!.length, (i, input, channel) => {
      sums[channel]! += kernel![i]! * before.offsets[input]!
    })
  return Float32Array.from(sums, (sum, c) => (behind ? sum * behind.factors[c]! + behind.offsets[c]! : sum))
}

export function foldedKernel(
  { op, inChannels, folded: { before, behind } }: Folding,
  kernel: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const products = new Float32Array(kernel.length)
  each(op, inChannels, kernel.length, (i, input, channel) => {
    products[i] = kernel[i]! * (before ? before.factors[input]! : 1) * (behind ? behind.factors[channel]! : 1)
  })
  return products
}

/** Does something for each weight of a kernel, with its input channel and output channel. */
function each(
  op: Operation,
  inChannels: number,
  length: number,
  visit: (i: number, input: number, channel: number) => void,
): void {
  const { depth, groups, channels, channelsFirst } = layoutOf(op, inChannels)
  const [rows, columns] = channelsFirst ? [channels, depth] : [depth, channels]
  for (let i = 0; i < length; i++) {
    const [row, column] = [Math.floor(i / columns) % rows, i % columns]
    const [within, channel] = channelsFirst ? [column, row] : [row, column]
    visit(i, Math.floor(channel / (channels / groups)) * depth + within, channel)
  }
}
