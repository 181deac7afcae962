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
  largestIn,
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
  /** Those of the weights that were made for the step, and what is packed of them. */
  readonly own: readonly tf.Tensor[]
}

export interface FoldedPass {
  readonly steps: readonly ReadyStep[]
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
  return singleSteps(network, taps).map((step) => alone(step, of(step.base)))
}

function alone(step: Step, weights: readonly tf.Tensor[]): ReadyStep {
  return { step, weights, factors: undefined, own: [] }
}

/**
 * Steps that `earlier` has too, with the same layers folded into them, share its tensors: passes for other taps differ in few
 * steps, and packing all filters of a large network takes a second. The caller disposes of what no pass uses any more
 * (`disposeOf`), and keeps `earlier` until this has ended.
 */
export async function foldedPass(
  network: Network,
  taps: ReadonlySet<number>,
  weights: LayerWeights,
  earlier: FoldedPass | null,
): Promise<FoldedPass> {
  const made = new Map(earlier?.steps.map((ready) => [foldedInto(ready.step), ready]))
  const known = new Map<number, readonly Float32Array[]>()
  const arrays: Arrays = (layer) => known.get(layer)!
  const refused = new Set<number>()
  for (;;) {
    const steps = foldedSteps(network, taps, refused)
    const before = refused.size
    for (const step of steps) {
      const affine = [...step.before, ...step.behind]
      if (affine.length === 0 || made.has(foldedInto(step))) continue
      for (const layer of affine)
        if (!known.has(layer)) known.set(layer, await readAll(weights, weights.of(layer)))
      const { folded } = foldingOf(network, step, arrays)
      const most = await largestOf(weights, weights.of(step.base))
      if (!isSafe(folded, most)) for (const layer of affine) refused.add(layer)
    }
    if (refused.size === before) return withTensors(network, steps, weights, { arrays, made })
  }
}

/** Names the numbers that a step computes with. */
function foldedInto({ base, before, behind }: Step): string {
  return [before, base, behind].join(' ')
}

/** Disposes of all that was made for a pass, but not of what `kept` shares with it. */
export function disposeOf(pass: FoldedPass | null, kept: FoldedPass | null = null): void {
  const shared = new Set(kept?.steps.flatMap(({ own }) => own))
  tf.dispose(pass?.steps.flatMap(({ own }) => own.filter((tensor) => !shared.has(tensor))) ?? [])
}

function readAll({ read }: LayerWeights, tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map((tensor) => read(tensor)))
}

const largest = new WeakMap<tf.Tensor, number>()

/** The largest number, without its sign, of a layer's weights; NaN if any is. They are looked at once. */
async function largestOf({ read }: LayerWeights, tensors: readonly tf.Tensor[]): Promise<number> {
  for (const tensor of tensors) if (!largest.has(tensor)) largest.set(tensor, largestIn(await read(tensor)))
  return Math.max(...tensors.map((tensor) => largest.get(tensor)!))
}

async function withTensors(
  network: Network,
  steps: readonly Step[],
  weights: LayerWeights,
  { arrays, made }: { readonly arrays: Arrays; readonly made: ReadonlyMap<string, ReadyStep> },
): Promise<FoldedPass> {
  const fresh: tf.Tensor[] = []
  const ready: ReadyStep[] = []
  try {
    for (const step of steps) {
      const tensors = weights.of(step.base)
      if (step.before.length + step.behind.length === 0) {
        ready.push(alone(step, tensors))
        continue
      }
      const same = made.get(foldedInto(step))
      if (same) {
        ready.push({ ...same, step })
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
      const folded = numbers ? tf.tensor(foldedKernel(folding, numbers), kernel.shape) : kernel
      if (numbers) fresh.push(folded)
      const foldedBiases = tf.tensor1d(biases)
      fresh.push(foldedBiases)
      ready.push({
        step,
        weights: [...tensors.slice(0, index), folded, foldedBiases],
        factors,
        own: numbers ? [folded, foldedBiases] : [foldedBiases],
      })
    }
  } catch (error) {
    tf.dispose(fresh)
    throw error
  }
  return { steps: ready }
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
