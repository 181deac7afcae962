/** Convolutions to try: shapes, and the formula in double precision. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { ConvolutionKernel } from '../../../../../src/core/model/convolutionKernels.ts'
import { convolve } from '../../../../../src/engine/backend/kernels/convolution/convolve.ts'
import { convolveDepthwise } from '../../../../../src/engine/backend/kernels/convolution/depthwise.ts'
import { arithmeticOf } from '../../../../../src/engine/backend/kernels/convolution/job.ts'
import type {
  Activation,
  ConvolutionShape,
  Margins,
} from '../../../../../src/engine/backend/kernels/convolution/shape.ts'
import { seeded } from '../../../../fixtures/random.ts'

export interface Case {
  readonly map: readonly [number, number, number]
  readonly kernel: readonly [number, number]
  /** Of output channels. */
  readonly filters: number
  readonly strides?: readonly [number, number]
  readonly dilation?: readonly [number, number]
  /** Top, bottom, left, right. */
  readonly margins?: readonly [number, number, number, number]
  readonly groups?: number
}

export function shapeOf(one: Case): ConvolutionShape {
  const { map, kernel, filters, strides = [1, 1], dilation = [1, 1], groups = 1 } = one
  const [top, bottom, left, right] = one.margins ?? [0, 0, 0, 0]
  const margins: Margins = { top, bottom, left, right }
  const outLength = (length: number, axis: 0 | 1, around: number): number =>
    Math.floor((length + around - (kernel[axis] - 1) * dilation[axis] - 1) / strides[axis]) + 1
  return {
    height: map[0],
    width: map[1],
    inChannels: map[2],
    outChannels: filters,
    outHeight: outLength(map[0], 0, top + bottom),
    outWidth: outLength(map[1], 1, left + right),
    kernel,
    strides,
    dilation,
    margins,
    groups,
  }
}

/** From −1 to 1, so that sums stay small. */
export function numbers(count: number, seed: number): Float32Array {
  const random = seeded(seed)
  return Float32Array.from({ length: count }, () => random.next() * 2 - 1)
}

export interface Numbers {
  readonly x: Float32Array
  readonly filter: Float32Array
  readonly bias: Float32Array | null
}

export function numbersFor(shape: ConvolutionShape, images: number, hasBias: boolean): Numbers {
  const { height, width, inChannels, outChannels, kernel, groups } = shape
  return {
    x: numbers(images * height * width * inChannels, 1),
    filter: numbers(kernel[0] * kernel[1] * (inChannels / groups) * outChannels, 2),
    bias: hasBias ? numbers(outChannels, 3) : null,
  }
}

/** The formula, in double precision. */
export function formula(
  shape: ConvolutionShape,
  images: number,
  { x, filter, bias }: { [key in keyof Numbers]: ArrayLike<number> | (null & Numbers[key]) },
): Float64Array {
  const { height, width, inChannels, outChannels, outHeight, outWidth, groups } = shape
  const { kernel, strides, dilation, margins } = shape
  const [depth, channels] = [inChannels / groups, outChannels / groups]
  const sums = new Float64Array(images * outHeight * outWidth * outChannels)
  let o = 0
  for (let n = 0; n < images; n++)
    for (let y = 0; y < outHeight; y++)
      for (let z = 0; z < outWidth; z++)
        for (let c = 0; c < outChannels; c++, o++) {
          let sum = bias ? bias[c]! : 0
          const first = Math.floor(c / channels) * depth
          for (let r = 0; r < kernel[0]; r++) {
            const row = y * strides[0] + r * dilation[0] - margins.top
            if (row < 0 || row >= height) continue
            for (let k = 0; k < kernel[1]; k++) {
              const column = z * strides[1] + k * dilation[1] - margins.left
              if (column < 0 || column >= width) continue
              const at = ((n * height + row) * width + column) * inChannels + first
              const tap = (r * kernel[1] + k) * depth
              for (let i = 0; i < depth; i++) sum += x[at + i]! * filter[(tap + i) * outChannels + c]!
            }
          }
          sums[o] = sum
        }
  return sums
}

/** What our kernel makes of it. */
export function computed(
  shape: ConvolutionShape,
  images: number,
  given: Numbers,
  kernel: ConvolutionKernel | 'depthwise',
  activation: Activation = { fn: 'linear' },
): Float32Array {
  const backend = tf.backend() as BackendWasm
  const { height, width, inChannels, outChannels, groups } = shape
  return tf.tidy(() => {
    const x = tf.tensor4d(given.x, [images, height, width, inChannels])
    const depth = kernel === 'depthwise' ? [inChannels, 1] : [inChannels / groups, outChannels]
    const filter = tf.tensor(given.filter, [...shape.kernel, ...depth])
    const bias = given.bias ? tf.tensor1d(given.bias) : undefined
    const job = {
      backend,
      shape,
      epilogue: { bias: given.bias !== null, activation },
      arithmetic: arithmeticOf(backend)!,
      images,
    }
    const output =
      kernel === 'depthwise'
        ? convolveDepthwise(job, { x, filter, bias })
        : convolve(job, { x, filter, bias }, kernel)
    const values = (backend.readSync(output.dataId) as Float32Array).slice()
    backend.disposeData(output.dataId)
    return values
  })
}

/** The largest difference, as a share of the layer's largest value. */
export function largestError(found: ArrayLike<number>, exact: ArrayLike<number>): number {
  let [difference, largest] = [0, 1e-30]
  for (let i = 0; i < exact.length; i++) {
    const error = Math.abs(found[i]! - exact[i]!)
    // Written so that NaN counts as the largest.
    if (!(error <= difference)) difference = Number.isNaN(error) ? Infinity : error
    largest = Math.max(largest, Math.abs(exact[i]!))
  }
  return difference / largest
}
