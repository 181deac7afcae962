/** @file Runs `poolBackProgram` on WASM. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { convolvesHere } from './convolution/register.ts'
import { tapsInside } from './convolution/depthwiseProgram.ts'
import { addressOf } from './convolution/job.ts'
import { floatBytes } from './convolution/tiles.ts'
import { type PoolBackProgram, poolBackProgram, type PoolShape } from './poolBackProgram.ts'
import { wasmPrograms } from './wasmProgram.ts'

const programOf = wasmPrograms()

const kernelName = 'OwnPoolBack'

interface Inputs {
  readonly gradient: tf.TensorInfo
  /** The map that was pooled, and what came out, for maxima only. */
  readonly map?: tf.TensorInfo
  readonly maxima?: tf.TensorInfo
}

/**
 * The gradient of pooling with respect to its input, while WASM computes; null if it cannot be done here. `forward` is given
 * for maxima: the first of equal ones of a window gets the window's gradient. Without it, each place gets it.
 */
export function poolBackByOurs(
  gradient: tf.Tensor,
  shape: PoolShape,
  forward: { readonly map: tf.Tensor; readonly maxima: tf.Tensor } | null,
): tf.Tensor | null {
  if (!convolvesHere()) return null
  return tf
    .engine()
    .runKernel(kernelName, { gradient, ...forward }, { ...shape } as unknown as tf.NamedAttrMap)
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    return back(inputs as unknown as Inputs, attrs as unknown as PoolShape, backend as BackendWasm)
  },
})

function back({ gradient, map, maxima }: Inputs, shape: PoolShape, backend: BackendWasm): tf.TensorInfo {
  const { height, width, outHeight, outWidth, inChannels, kernel, strides, dilation, margins } = shape
  const images = gradient.shape[0]!
  const reduce = map ? 'max' : 'average'
  const program = programOf<PoolBackProgram>(backend, `${reduce} ${JSON.stringify(shape)}`, () =>
    poolBackProgram(shape, reduce),
  )
  const output = backend.makeOutput([images, height, width, inChannels], 'float32')
  const to = addressOf(backend, output)
  const from = map ? addressOf(backend, map) : 0
  const [ofMaxima, ofGradient] = [maxima ? addressOf(backend, maxima) : 0, addressOf(backend, gradient)]
  const pixelBytes = inChannels * floatBytes
  backend.wasm.HEAPU8.fill(0, to, to + images * height * width * pixelBytes)
  for (let n = 0; n < images; n++)
    for (let row = 0; row < outHeight; row++) {
      const start = row * strides[0] - margins.top
      const [first, behind] = tapsInside(start, height, kernel[0], dilation[0])
      const place = (n * height + start + first * dilation[0]) * width * pixelBytes
      const own = (n * outHeight + row) * outWidth * pixelBytes
      program.back(from + place, to + place, behind - first, ofMaxima + own, ofGradient + own)
    }
  return output
}
