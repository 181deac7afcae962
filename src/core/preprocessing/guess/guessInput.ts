/**
 * @file Reads what a network does to its input before the first computing layer. Two things tell which input it expects:
 * layers that only shift and scale (Rescaling, Normalization, arithmetic with constants), and the statistics that a batch
 * normalization of the input, or of the first convolution's output, has stored in training.
 */
import { type Network, type Operation, elementCount, type SupportedLayer } from '../../model/network.ts'
import { seenThrough } from './seenThrough.ts'
import { isUntrained } from './storedStatistics.ts'

/** The arrays of the layers that `inputWeightLayers` lists, by layer, in the order of the layer's `weights`. */
export type InputWeights = ReadonlyMap<number, readonly ArrayLike<number>[]>

export interface InputStart {
  /** The layers turn a value x of a channel into `scale · x + offset`; both are `[channels]`. */
  readonly scale: readonly number[]
  readonly offset: readonly number[]
  /** Names of the layers that shift and scale. */
  readonly rescaling: readonly string[]
  /** Is null if no trained batch normalization tells it. */
  readonly statistics: SeenInTraining | null
  /**
   * Whether known layers lead one after the other to the first that computes. Otherwise it is not known what happens to
   * the input before.
   */
  readonly straight: boolean
}

/** Statistics of the values in training, after shift and scale, `[channels]`. */
export interface SeenInTraining {
  /** The name of the batch normalization that has stored them. */
  readonly layer: string
  readonly mean: readonly number[]
  readonly variance: readonly number[]
}

/** Layers that leave the values of pixels as they are. */
const passing: readonly Operation['kind'][] = [
  'input',
  'wholeNumbers',
  'identity',
  'pad',
  'crop',
  'upsample',
  'resize',
]
const shifting: readonly Operation['kind'][] = ['rescale', 'normalization', 'withConstant']
const computing: readonly Operation['kind'][] = [
  'conv',
  'depthwiseConv',
  'separableConv',
  'dense',
  'flatten',
  'pool',
  'globalPool',
  'reshape',
]

/** The layers at the network's start whose weights tell something about its input. */
export function inputWeightLayers(network: Network): number[] {
  const { shifting: layers, convolution, norm } = firstLayers(network)
  const telling = norm === null ? layers : [...layers, ...(convolution === null ? [] : [convolution]), norm]
  return telling.filter((i) => (network.layers[i] as SupportedLayer).weights.length > 0)
}

export function inputStart(network: Network, weights: InputWeights): InputStart {
  const channels = network.inputShape[2]
  const scale = Array<number>(channels).fill(1)
  const offset = Array<number>(channels).fill(0)
  const rescaling: string[] = []
  const first = firstLayers(network)
  for (const i of first.shifting) {
    const { name, op } = network.layers[i] as SupportedLayer
    const step = stepOf(op, weights.get(i) ?? [])
    if (!step) return { scale, offset, rescaling, straight: false, statistics: null }
    const [factor, summand] = step
    // A Normalization that was never adapted, or Rescaling(1), tells nothing.
    if (factor.every((f) => f === 1) && summand.every((s) => s === 0)) continue
    rescaling.push(name)
    for (let c = 0; c < channels; c++) {
      scale[c] = scale[c]! * at(factor, c)
      offset[c] = offset[c]! * at(factor, c) + at(summand, c)
    }
  }
  const statistics = seenInTraining(network, first, weights)
  return { scale, offset, rescaling, straight: first.straight, statistics }
}

interface FirstLayers {
  /** Layers that shift and scale, one after the other. */
  readonly shifting: readonly number[]
  /** The batch normalization after them, and the convolution in between, if there is one. */
  readonly norm: number | null
  readonly convolution: number | null
  readonly straight: boolean
}

function firstLayers(network: Network): FirstLayers {
  const found: number[] = []
  const end = (straight: boolean, norm: number | null = null, convolution: number | null = null) => ({
    shifting: found,
    norm,
    convolution,
    straight,
  })
  let current = network.input
  for (;;) {
    const readers = readersOf(network, current)
    const ops = readers.map((i) => network.layers[i]!.op)
    if (ops.length > 0 && ops.every((op) => op !== null && computing.includes(op.kind)))
      return end(true, ...normBehind(network, readers))
    const [op] = ops
    const [next] = readers
    if (readers.length !== 1 || !op || network.layers[next!]!.inputs.length !== 1) return end(false)
    if (op.kind === 'batchNorm') return end(true, next!)
    if (shifting.includes(op.kind)) found.push(next!)
    else if (!passing.includes(op.kind)) return end(false)
    current = next!
  }
}

function readersOf(network: Network, layer: number): number[] {
  return network.layers.flatMap(({ inputs }, i) => (inputs.includes(layer) ? [i] : []))
}

/** If the only reader is a convolution without an activation: the batch normalization right after it, and itself. */
function normBehind(
  network: Network,
  readers: readonly number[],
): [norm: number | null, convolution: number | null] {
  const [convolution] = readers
  const op = convolution === undefined ? null : network.layers[convolution]!.op
  if (readers.length !== 1 || op?.kind !== 'conv' || op.groups !== 1 || op.activation.fn !== 'linear')
    return [null, null]
  const [norm, ...others] = readersOf(network, convolution!)
  const isNorm = norm !== undefined && others.length === 0 && network.layers[norm]!.op?.kind === 'batchNorm'
  return isNorm ? [norm, convolution!] : [null, null]
}

/** Taken from the batch normalization itself or, if a convolution comes before it, calculated back through that. */
function seenInTraining(
  network: Network,
  { norm, convolution }: FirstLayers,
  weights: InputWeights,
): SeenInTraining | null {
  const [mean, variance] = norm === null ? [] : (weights.get(norm) ?? []).slice(-2)
  if (norm === null || !mean || !variance || isUntrained({ mean, variance })) return null
  const layer = network.layers[norm]!.name
  if (convolution === null) return { layer, mean: Array.from(mean), variance: Array.from(variance) }
  const [kernel, bias] = weights.get(convolution) ?? []
  const { op } = network.layers[convolution] as SupportedLayer
  if (!kernel || op.kind !== 'conv') return null
  const shape = [...op.kernel, network.inputShape[2], op.filters] as const
  const seen = seenThrough({ kernel, shape, bias: bias ?? null }, { mean, variance })
  return seen && { layer, ...seen }
}

type Step = readonly [factor: readonly number[], summand: readonly number[]]

/** Returns null if the operation does not shift and scale whole channels, or if its numbers are missing. */
function stepOf(op: Operation, weights: readonly ArrayLike<number>[]): Step | null {
  if (op.kind === 'rescale') return [op.scale, op.offset]
  if (op.kind === 'normalization') {
    const mean = op.constants?.mean ?? weights[0]
    const variance = op.constants?.variance ?? weights[1]
    if (!mean || !variance) return null
    const std = Array.from(variance, (v) => Math.max(Math.sqrt(v), 1e-7))
    const means = Array.from(mean)
    return op.invert
      ? [std, means]
      : [std.map((s) => 1 / s), wider(means, std).map((_, c) => -at(means, c) / at(std, c))]
  }
  if (op.kind !== 'withConstant') return null
  const { fn, constant, constantFirst } = op
  if (typeof constant !== 'number' && elementCount(constant.shape) > 4) return null
  const numbers = typeof constant === 'number' ? [constant] : Array.from(weights[0] ?? [])
  if (numbers.length === 0) return null
  if (fn === 'add') return [[1], numbers]
  if (fn === 'multiply') return [numbers, [0]]
  if (fn === 'subtract') return constantFirst ? [[-1], numbers] : [[1], numbers.map((n) => -n)]
  return fn === 'divide' && !constantFirst ? [numbers.map((n) => 1 / n), [0]] : null
}

function wider(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.length > b.length ? a : b
}

/** The number for a channel; a list of one holds for all channels. */
function at(numbers: readonly number[], channel: number): number {
  return numbers[numbers.length === 1 ? 0 : channel] ?? 0
}
