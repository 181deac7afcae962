/**
 * @file Runs `chainProgram` on WASM: batch normalization, with an activation or without. A third of MobileNetV2's forward
 * pass was spent in tfjs' batch normalization.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type Chain, type ChainProgram, chainProgram, rowBytes } from './chainProgram.ts'
import { chosenConvolutions } from './convolution/choice.ts'
import { addressOf, arithmeticOf } from './convolution/job.ts'
import { packed } from './convolution/packedWeights.ts'
import { wasmPrograms } from './wasmProgram.ts'

const programOf = wasmPrograms()

const kernelName = 'BatchNormBySimd'

export interface BatchNormWeights {
  /** If it is missing, only the factors are multiplied: the way back through a normalization. */
  readonly mean?: tf.TensorInfo | undefined
  readonly variance: tf.TensorInfo
  readonly offset?: tf.TensorInfo | undefined
  readonly scale?: tf.TensorInfo | undefined
  readonly epsilon: number
}

/**
 * Does what `tf.batchNorm` does along the last axis, while WASM computes: `x` is `[…, C]`, all others are `[C]`; see
 * `BatchNormWeights`. Is null
 * without SIMD, or if tfjs' own kernels are chosen.
 */
export function batchNormBySimd(
  x: tf.Tensor,
  mean: tf.Tensor | undefined,
  variance: tf.Tensor,
  offset: tf.Tensor | undefined,
  scale: tf.Tensor | undefined,
  epsilon: number,
): tf.Tensor | null {
  if (chosenConvolutions() === 'tfjs' || !arithmeticOf(tf.backend() as BackendWasm)) return null
  const inputs = {
    x,
    variance,
    ...(mean ? { mean } : {}),
    ...(offset ? { offset } : {}),
    ...(scale ? { scale } : {}),
  }
  return tf.engine().runKernel(kernelName, inputs, { epsilon })
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    const { x, ...weights } = inputs as unknown as Omit<BatchNormWeights, 'epsilon'> & { x: tf.TensorInfo }
    const { epsilon } = attrs as unknown as { epsilon: number }
    const wasm = backend as BackendWasm
    const chain = { normalized: true, activation: 'linear' } as const
    return runChain(wasm, x, chain, numbersOf(wasm, { ...weights, epsilon }), false)
  },
})

/** The end of the chain. `isLast`: nobody reads `x` any more, so its memory may be that of the output. */
export function runChain(
  backend: BackendWasm,
  x: tf.TensorInfo,
  chain: Chain,
  numbers: number,
  isLast: boolean,
): tf.TensorInfo {
  const channels = x.shape.at(-1)!
  const count = tf.util.sizeFromShape(x.shape)
  const isShared = backend.refCount(x.dataId) > 1
  const out =
    isLast && !isShared
      ? { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
      : backend.makeOutput(x.shape, 'float32')
  if (out.dataId === x.dataId) backend.incRef(x.dataId)
  if (count > 0)
    programOf<ChainProgram>(backend, `${channels} ${chain.normalized} ${chain.activation}`, () =>
      chainProgram(channels, chain),
    ).run(addressOf(backend, x), count / channels, numbers, addressOf(backend, out))
  return out
}

/**
 * The address of the rows mean, factor and offset, with zeros behind the last channel; they are made once, and freed with
 * the variance.
 */
export function numbersOf(
  backend: BackendWasm,
  { mean, variance, offset, scale, epsilon }: BatchNormWeights,
): number {
  const channels = variance.shape[0]!
  const row = rowBytes(channels) / 4
  const key = `${mean ? 'batch norm' : 'factors of batch norm'} ${epsilon}`
  return packed(backend, variance, key, 3 * row * 4, (buffer, address) => {
    const values = (tensor: tf.TensorInfo): Float32Array => backend.typedArrayFromHeap(tensor) as Float32Array
    const rows = new Float32Array(buffer, address, 3 * row).fill(0)
    const scales = scale && values(scale)
    if (mean) rows.set(values(mean))
    // Factors are computed in double precision, and rounded once.
    for (const [c, value] of values(variance).entries())
      rows[row + c] = (scales ? scales[c]! : 1) / Math.sqrt(value + epsilon)
    if (offset) rows.set(values(offset), 2 * row)
  })
}
