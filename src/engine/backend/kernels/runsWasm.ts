/**
 * @file Takes runs of numbers that lie at equal distances in the memory of a tensor, on WASM. tfjs' slice first copies all of the
 * tensor out of the heap, which takes longer than the convolution beside it.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { addressOf } from './convolution/job.ts'
import { convolvesHere } from './convolution/register.ts'
import { floatBytes } from './convolution/tiles.ts'

const kernelName = 'OwnRuns'

/** Counted in numbers. Runs lie in groups: `inner` of them in each of `outer` groups. */
export interface Runs {
  readonly start: number
  readonly length: number
  readonly outer: Distance
  readonly inner: Distance
}

interface Distance {
  readonly count: number
  readonly step: number
}

/** A new tensor of that shape, of one run behind the other, while WASM computes; null if tfjs' own kernels are chosen. */
export function runsByOurs(x: tf.Tensor, runs: Runs, shape: readonly number[]): tf.Tensor | null {
  if (!convolvesHere()) return null
  return tf
    .engine()
    .runKernel(kernelName, { x }, { ...runs, shape: [...shape] } as unknown as tf.NamedAttrMap)
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    const { x } = inputs as { x: tf.TensorInfo }
    const { start, length, outer, inner, shape } = attrs as unknown as Runs & { shape: number[] }
    const wasm = backend as BackendWasm
    const output = wasm.makeOutput(shape, 'float32')
    const heap = wasm.wasm.HEAPU8
    let to = addressOf(wasm, output)
    const first = addressOf(wasm, x) + start * floatBytes
    for (let i = 0; i < outer.count; i++)
      for (let j = 0; j < inner.count; j++) {
        const from = first + (i * outer.step + j * inner.step) * floatBytes
        heap.copyWithin(to, from, from + length * floatBytes)
        to += length * floatBytes
      }
    return output
  },
})
