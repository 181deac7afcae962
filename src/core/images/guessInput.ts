/**
 * @file What a network does to its input before it computes anything with it: layers that only shift and scale
 * (Rescaling, Normalization, arithmetic with constants), and a batch normalization of the input itself, whose stored
 * statistics say what the network has seen in training.
 */
import { type Network, type Operation, size, type SupportedLayer } from '../model/network.ts'

/** Arrays of the layers that `inputWeightLayers` names, by layer, in the order of its `weights`. */
export type InputWeights = ReadonlyMap<number, readonly ArrayLike<number>[]>

export interface InputStart {
  /** What becomes of a value x of each channel: `scale · x + offset`; both `[channels]`. */
  readonly scale: readonly number[]
  readonly offset: readonly number[]
  /** Names of the layers that shift and scale. */
  readonly rescaling: readonly string[]
  /** What a batch normalization expects of the values after that, `[channels]`; null where there is none that was trained. */
  readonly statistics: {
    readonly layer: string
    readonly mean: readonly number[]
    readonly variance: readonly number[]
  } | null
  /** One layer after the other up to the first that computes; otherwise what happens in between is not known. */
  readonly straight: boolean
}

/** Layers behind which every value is still a pixel's. */
const passing: readonly Operation['kind'][] = ['input', 'identity', 'pad', 'crop', 'upsample', 'resize']
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

/** Layers from the input on that shift and scale, or are a batch normalization: those whose weights say something. */
export function inputWeightLayers(network: Network): number[] {
  return firstLayers(network).layers.filter((i) => (network.layers[i] as SupportedLayer).weights.length > 0)
}

export function inputStart(network: Network, weights: InputWeights): InputStart {
  const channels = network.inputShape[2]
  const scale = Array<number>(channels).fill(1)
  const offset = Array<number>(channels).fill(0)
  const rescaling: string[] = []
  const { layers, straight } = firstLayers(network)
  for (const i of layers) {
    const { name, op } = network.layers[i] as SupportedLayer
    const own = weights.get(weightsOwner(network, i)) ?? []
    if (op.kind === 'batchNorm')
      return { scale, offset, rescaling, straight, statistics: trained(name, own.slice(-2)) }
    const step = stepOf(op, own)
    if (!step) return { scale, offset, rescaling, straight: false, statistics: null }
    const [factor, summand] = step
    // A layer that was never adapted, or Rescaling(1), tells nothing.
    if (factor.every((f) => f === 1) && summand.every((s) => s === 0)) continue
    rescaling.push(name)
    for (let c = 0; c < channels; c++) {
      scale[c] = scale[c]! * at(factor, c)
      offset[c] = offset[c]! * at(factor, c) + at(summand, c)
    }
  }
  return { scale, offset, rescaling, straight, statistics: null }
}

function firstLayers(network: Network): { layers: number[]; straight: boolean } {
  const layers: number[] = []
  let current = network.input
  for (;;) {
    const readers = network.layers.flatMap(({ inputs }, i) => (inputs.includes(current) ? [i] : []))
    const ops = readers.map((i) => network.layers[i]!.op)
    if (ops.every((op) => op !== null && computing.includes(op.kind))) return { layers, straight: true }
    const [op] = ops
    const [next] = readers
    if (readers.length !== 1 || !op || network.layers[next!]!.inputs.length !== 1)
      return { layers, straight: false }
    if (op.kind === 'batchNorm') return { layers: [...layers, next!], straight: true }
    if (shifting.includes(op.kind)) layers.push(next!)
    else if (!passing.includes(op.kind)) return { layers, straight: false }
    current = next!
  }
}

function weightsOwner(network: Network, i: number): number {
  return (network.layers[i] as SupportedLayer).sharesWeightsOf ?? i
}

type Step = readonly [factor: readonly number[], summand: readonly number[]]

/** Null where it is no shift and scale of whole channels, or its numbers are not there. */
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
  if (typeof constant !== 'number' && size(constant.shape) > 4) return null
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

/** One number stands for all channels. */
function at(numbers: readonly number[], channel: number): number {
  return numbers[numbers.length === 1 ? 0 : channel] ?? 0
}

/** Null for the statistics that a layer begins with: mean 0, variance 1. */
function trained(layer: string, weights: readonly ArrayLike<number>[]): InputStart['statistics'] {
  const [mean, variance] = weights.map((array) => Array.from(array))
  if (!mean || !variance) return null
  const untouched = mean.every((m) => m === 0) && variance.every((v) => v === 1)
  return untouched ? null : { layer, mean, variance }
}
