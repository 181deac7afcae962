/**
 * @file The steps of a pass with the tensors that they run with. Folded weights of our convolutions on WASM have no plain
 * copy: what is folded is multiplied in when the filters are packed. Other kernels get tensors of their own.
 */
import * as tf from '@tensorflow/tfjs'
import {
  type Arrays,
  foldedBias,
  foldedKernel,
  type Folding,
  foldingOf,
  isSafe,
  kernelIndex,
} from '../../core/model/folding/foldedWeights.ts'
import { isByChannel } from '../../core/model/convolutionKernels.ts'
import { foldedSteps, singleSteps, type Step } from '../../core/model/folding/steps.ts'
import { channelCount, type Network, type SupportedLayer } from '../../core/model/network.ts'
import { chosenConvolutions } from '../backend/kernels/convolution/choice.ts'
import { backendName, wasmKernels } from '../backend/tfjsBackend.ts'
import type { FilterFactors } from './kernels/convolutions.ts'

/** A step and what it computes with. */
export interface ReadyStep {
  readonly step: Step
  readonly weights: readonly tf.Tensor[]
  readonly factors: FilterFactors
}

export interface FoldedPass {
  readonly steps: readonly ReadyStep[]
  /** The tensors that are the pass' own. */
  readonly own: readonly tf.Tensor[]
}

/** The layers' own weights, and the way to read them. */
export interface LayerWeights {
  of(layer: number): readonly tf.Tensor[]
  read(tensor: tf.Tensor): Promise<Float32Array>
}

/**
 * Whether layers are folded here and now. The reference computes each on its own, and so do proofs. Halves on graphics cards
 * have no digits to spare: folded weights could overflow, or lose some.
 */
export function foldsHere(): boolean {
  const onWasm = wasmKernels()
  if (onWasm) return chosenConvolutions() === 'fast' && onWasm.convolvesHere()
  return backendName() !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')
}

/** Each layer on its own. */
export function singleLayers(
  network: Network,
  taps: ReadonlySet<number>,
  { of }: Pick<LayerWeights, 'of'>,
): ReadyStep[] {
  return singleSteps(network, taps).map((step) => ({ step, weights: of(step.base), factors: undefined }))
}

/** The caller disposes of what is the pass' own. */
export async function foldedPass(
  network: Network,
  taps: ReadonlySet<number>,
  weights: LayerWeights,
): Promise<FoldedPass> {
  const known = new Map<number, readonly Float32Array[]>()
  const arrays: Arrays = (layer) => known.get(layer)!
  const refused = new Set<number>()
  for (;;) {
    const steps = foldedSteps(network, taps, refused)
    const before = refused.size
    for (const step of steps) {
      const affine = [...step.before, ...step.behind]
      if (affine.length === 0) continue
      for (const layer of affine)
        if (!known.has(layer)) known.set(layer, await readAll(weights, weights.of(layer)))
      const { folded } = foldingOf(network, step, arrays)
      const most = await largestOf(weights, weights.of(step.base))
      if (!isSafe(folded, most)) for (const layer of affine) refused.add(layer)
    }
    if (refused.size === before) return withTensors(network, steps, weights, arrays)
  }
}

function readAll({ read }: LayerWeights, tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map((tensor) => read(tensor)))
}

const largest = new WeakMap<tf.Tensor, number>()

/** The largest number, without its sign, of a layer's weights; NaN if any is. They are looked at once. */
async function largestOf({ read }: LayerWeights, tensors: readonly tf.Tensor[]): Promise<number> {
  for (const tensor of tensors)
    if (!largest.has(tensor))
      largest.set(
        tensor,
        (await read(tensor)).reduce((most, number) => Math.max(most, Math.abs(number)), 0),
      )
  return Math.max(...tensors.map((tensor) => largest.get(tensor)!))
}

async function withTensors(
  network: Network,
  steps: readonly Step[],
  weights: LayerWeights,
  arrays: Arrays,
): Promise<FoldedPass> {
  const own: tf.Tensor[] = []
  const made = <T extends tf.Tensor>(tensor: T): T => {
    own.push(tensor)
    return tensor
  }
  const ready: ReadyStep[] = []
  try {
    for (const step of steps) {
      const tensors = weights.of(step.base)
      if (step.before.length + step.behind.length === 0) {
        ready.push({ step, weights: tensors, factors: undefined })
        continue
      }
      const folding = foldingOf(network, step, arrays)
      const index = kernelIndex(folding)
      const [kernel, bias] = [tensors[index]!, tensors[index + 1]]
      const factors = takesFactors(network, step, folding) ? folding.folded.behind!.factors : undefined
      // The pass packs them with its factors; another copy would be there for nobody.
      if (factors) wasmKernels()!.unpackWeights(kernel)
      const numbers = factors ? null : await weights.read(kernel)
      const biases = foldedBias(folding, bias && (await weights.read(bias)), numbers)
      const folded = numbers ? made(tf.tensor(foldedKernel(folding, numbers), kernel.shape)) : kernel
      ready.push({
        step,
        weights: [...tensors.slice(0, index), folded, made(tf.tensor1d(biases))],
        factors,
      })
    }
  } catch (error) {
    tf.dispose(own)
    throw error
  }
  return { steps: ready, own }
}

/** Whether the kernel of a step multiplies its filters by factors when it packs them. */
function takesFactors(
  network: Network,
  { base, op }: Step,
  { folded: { before, behind } }: Folding,
): boolean {
  if (backendName() !== 'wasm' || before || !behind) return false
  const { inputs } = network.layers[base]!
  const { shape } = network.layers[inputs[0]!] as SupportedLayer
  return op.kind === 'separableConv' || (op.kind === 'conv' && !isByChannel(op, channelCount(shape)))
}
