/**
 * @file Batch normalization on WASM by SIMD (`batchNormProgram`): a third of MobileNetV2's forward pass was spent in
 * tfjs' kernel.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type BatchNormProgram, batchNormProgram } from './batchNormProgram.ts'
import { wasmProgram, withRows } from './wasmProgram.ts'

const programOf = wasmProgram<BatchNormProgram>(batchNormProgram)

const kernelName = 'BatchNormBySimd'

interface Inputs {
  readonly x: tf.TensorInfo
  readonly mean: tf.TensorInfo
  readonly variance: tf.TensorInfo
  readonly offset?: tf.TensorInfo
  readonly scale?: tf.TensorInfo
}

/**
 * Does what `tf.batchNorm` does along the last axis, while WASM computes: `x` is `[…, C]`, all others are `[C]`. Is null
 * without SIMD.
 */
export function batchNormBySimd(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  offset: tf.Tensor | undefined,
  scale: tf.Tensor | undefined,
  epsilon: number,
): tf.Tensor | null {
  if (!programOf(tf.backend() as BackendWasm)) return null
  const inputs = { x, mean, variance, ...(offset ? { offset } : {}), ...(scale ? { scale } : {}) }
  return tf.engine().runKernel(kernelName, inputs, { epsilon })
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    const { x, mean, variance, offset, scale } = inputs as unknown as Inputs
    const { epsilon } = attrs as unknown as { epsilon: number }
    const wasm = backend as BackendWasm
    const channels = x.shape.at(-1)!
    return withRows(wasm, 3, channels, (rows) => {
      const out = wasm.makeOutput(x.shape, 'float32')
      // Views are made after the allocation, which may move the heap.
      const values = (tensor: tf.TensorInfo): Float32Array => wasm.typedArrayFromHeap(tensor) as Float32Array
      const [means, factors, offsets] = [rows.floats(0), rows.floats(1), rows.floats(2)]
      means.set(values(mean))
      const scales = scale && values(scale)
      // Factors are computed in double precision, and rounded once.
      for (const [c, value] of values(variance).entries())
        factors[c] = (scales ? scales[c]! : 1) / Math.sqrt(value + epsilon)
      if (offset) offsets.set(values(offset))
      else offsets.fill(0)
      const { byteOffset, length } = values(x)
      if (length > 0)
        programOf(wasm)!.normalize(
          byteOffset,
          length / channels,
          channels,
          rows.address,
          values(out).byteOffset,
        )
      return out
    })
  },
})
