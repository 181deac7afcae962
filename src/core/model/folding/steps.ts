/**
 * @file What a pass computes, step by step. A batch normalization costs as much memory traffic as a convolution does, and
 * is affine in each channel as the convolution is: both are one convolution with other weights. So layers go into the step
 * before them, or behind them, if nobody wants the map between. Taps decide that: the same network has other steps for
 * other taps.
 *
 *     convolution → batch normalization → ReLU      one convolution
 *     rescaling → convolution without margins       one convolution (a margin of zeros would be 0, not the offset)
 *     sum of two maps → ReLU                        one sum
 *     batch normalization → ReLU                    one normalization
 *     anything → dropout                            costs nothing
 *
 * This is structure alone; `foldedWeights` has the numbers.
 */
import { paddingOf } from '../kinds/windows.ts'
import type { Activation, Affine, Network, Operation, SupportedLayer } from '../network.ts'
import { readerCounts } from '../readers.ts'
import { isChannelAffine, keepsZero } from './channelAffine.ts'

export interface Step {
  /** The layer whose output the step gives: the last of those in it. */
  readonly layer: number
  /** The layers whose outputs it reads; each is the `layer` of a step before. */
  readonly inputs: readonly number[]
  /** The layer whose weights it has, before anything is folded into them. */
  readonly base: number
  /** The base's operation, with what was folded into it. */
  readonly op: Operation
  /** What the result goes through, if the operation has no activation of its own; null: nothing. */
  readonly activation: Activation | null
  /** Layers affine in each channel that are folded into the weights, in their order: before the base, and behind it. */
  readonly before: readonly number[]
  readonly behind: readonly number[]
}

/** Each layer that the taps need as a step of its own. */
export function singleSteps(network: Network, taps: Iterable<number>): Step[] {
  const needed = readerCounts(network, taps)
  return network.layers.flatMap((layer, i) => (needed.has(i) ? [stepOf(layer as SupportedLayer, i)] : []))
}

function stepOf({ op, inputs }: SupportedLayer, i: number): Step {
  return { layer: i, inputs, base: i, op, activation: null, before: [], behind: [] }
}

/** The steps of a pass for these taps. The layers in `refused` are not folded into weights. */
export function foldedSteps(
  network: Network,
  taps: Iterable<number>,
  refused: ReadonlySet<number> = new Set(),
): Step[] {
  const tapped = new Set(taps)
  const readers = readerCounts(network, tapped)
  /** By the layer whose output they give, in the network's order. */
  const steps = new Map<number, Step>()
  /** The step before, if only this layer wants what it gives. */
  const soleSource = (inputs: readonly number[]): Step | null => {
    const [input] = inputs
    const isFree = inputs.length === 1 && readers.get(input!) === 1 && !tapped.has(input!)
    return isFree ? (steps.get(input!) ?? null) : null
  }
  const foldable = (i: number): boolean => isChannelAffine(layerOf(network, i)) && !refused.has(i)

  for (const step of singleSteps(network, tapped)) {
    const source = soleSource(step.inputs)
    const grown = source && withLayer(source, step, foldable(step.layer))
    if (grown) {
      steps.delete(source.layer)
      steps.set(grown.layer, grown)
      continue
    }
    let whole = step
    for (
      let lead = source;
      lead && foldable(lead.base) && isLoneLayer(lead) && takesBefore(network, whole, lead);
      lead = soleSource(whole.inputs)
    ) {
      steps.delete(lead.layer)
      whole = withBias({ ...whole, inputs: lead.inputs, before: [lead.base, ...whole.before] })
    }
    steps.set(whole.layer, whole)
  }
  return [...steps.values()]
}

function layerOf(network: Network, i: number): SupportedLayer {
  return network.layers[i] as SupportedLayer
}

/** The step that also does what a layer behind it does; null if it cannot. `foldable`: the layer is affine in each channel. */
function withLayer(step: Step, { layer, op }: Step, foldable: boolean): Step | null {
  if (op.kind === 'identity') return { ...step, layer }
  if (foldable && isConvolution(step.op) && step.op.activation.fn === 'linear')
    return withBias({ ...step, layer, behind: [...step.behind, layer] })
  if (op.kind !== 'activation' || !isElementwise(op.activation)) return null
  const { activation } = op
  if (isConvolution(step.op))
    return step.op.activation.fn === 'linear' ? { ...step, layer, op: { ...step.op, activation } } : null
  const takesActivation = step.op.kind === 'batchNorm' || step.op.kind === 'merge'
  return takesActivation && step.activation === null ? { ...step, layer, activation } : null
}

type Convolution = Extract<Operation, Affine>

/** Has weights that a factor for each output channel can go into, a bias and an activation. */
function isConvolution(op: Operation): op is Convolution {
  return 'activation' in op && op.kind !== 'activation'
}

/** Softmax looks at all channels of a unit. */
function isElementwise({ fn }: Activation): boolean {
  return fn !== 'softmax' && fn !== 'log_softmax'
}

function withBias(step: Step): Step {
  return { ...step, op: { ...(step.op as Convolution), bias: true } }
}

/** A step of one layer, and of others that do nothing. */
function isLoneLayer({ activation, before, behind }: Step): boolean {
  return activation === null && before.length === 0 && behind.length === 0
}

/** Whether the weights of a step can do what an affine layer before it does. */
function takesBefore(network: Network, { op, base }: Step, { op: affine }: Step): boolean {
  if (op.kind === 'dense') return true
  if (op.kind !== 'conv' && op.kind !== 'depthwiseConv') return false
  const { shape } = layerOf(network, layerOf(network, base).inputs[0]!)
  return keepsZero(affine) || ([0, 1] as const).every((axis) => paddingOf(op, axis, shape[axis]!) === 0)
}
