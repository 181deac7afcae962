/** The gradient of convolutions by our kernels, against the formula in double precision. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import { convolveBack } from '../../../../../src/engine/backend/kernels/convolution/back.ts'
import { arithmeticOf } from '../../../../../src/engine/backend/kernels/convolution/job.ts'
import { packedBytes } from '../../../../../src/engine/backend/kernels/convolution/packedWeights.ts'
import type { ConvolutionShape } from '../../../../../src/engine/backend/kernels/convolution/shape.ts'
import { type Case, largestError, numbers, shapeOf } from './cases.ts'

const images = 3

const cases: readonly Case[] = [
  { map: [5, 5, 1], kernel: [1, 1], filters: 1 },
  { map: [7, 9, 16], kernel: [1, 1], filters: 24 },
  { map: [14, 13, 30], kernel: [1, 1], filters: 17, strides: [2, 2] },
  { map: [11, 13, 17], kernel: [3, 3], filters: 19, margins: [1, 1, 1, 1] },
  { map: [12, 11, 32], kernel: [3, 3], filters: 16 },
  { map: [20, 22, 16], kernel: [3, 3], filters: 21, margins: [4, 0, 3, 5] },
  { map: [15, 15, 3], kernel: [7, 7], filters: 16, margins: [3, 3, 3, 3], strides: [2, 2] },
  { map: [16, 17, 9], kernel: [3, 3], filters: 10, margins: [0, 1, 0, 1], strides: [2, 2] },
  { map: [9, 8, 4], kernel: [5, 3], filters: 12, margins: [0, 3, 2, 0], strides: [1, 3] },
  { map: [9, 8, 4], kernel: [2, 2], filters: 5, strides: [3, 4] },
  { map: [13, 14, 6], kernel: [3, 3], filters: 10, dilation: [2, 3] },
  { map: [13, 14, 5], kernel: [3, 3], filters: 6, dilation: [2, 3], strides: [2, 2], margins: [2, 2, 3, 3] },
  { map: [13, 14, 5], kernel: [3, 4], filters: 6, dilation: [4, 6], strides: [6, 4], margins: [2, 2, 3, 3] },
  { map: [8, 7, 12], kernel: [3, 3], filters: 8, groups: 2, margins: [1, 1, 1, 1] },
  { map: [8, 7, 12], kernel: [3, 3], filters: 36, groups: 4, strides: [2, 1] },
  { map: [9, 10, 8], kernel: [3, 3], filters: 8, groups: 8, margins: [1, 1, 1, 1] },
  { map: [9, 10, 13], kernel: [3, 3], filters: 13, groups: 13, margins: [0, 1, 0, 1], strides: [2, 2] },
  { map: [9, 10, 6], kernel: [5, 5], filters: 6, groups: 6, margins: [6, 7, 5, 8], strides: [2, 3] },
  { map: [9, 10, 6], kernel: [3, 3], filters: 12, groups: 6, margins: [1, 1, 1, 1], strides: [2, 2] },
  { map: [4, 5, 3], kernel: [2, 2], filters: 4, margins: [5, 6, 4, 3] },
]

beforeAll(async () => {
  await startBackend('wasm')
})

/** Each number of the gradient goes back to all that its window has seen. */
function formulaBack(
  shape: ConvolutionShape,
  gradient: ArrayLike<number>,
  filter: ArrayLike<number>,
): Float64Array {
  const { height, width, inChannels, outChannels, outHeight, outWidth, groups } = shape
  const { kernel, strides, dilation, margins } = shape
  const [depth, channels] = [inChannels / groups, outChannels / groups]
  const sums = new Float64Array(images * height * width * inChannels)
  let o = 0
  for (let n = 0; n < images; n++)
    for (let y = 0; y < outHeight; y++)
      for (let z = 0; z < outWidth; z++)
        for (let c = 0; c < outChannels; c++, o++)
          for (let r = 0; r < kernel[0]; r++)
            for (let k = 0; k < kernel[1]; k++) {
              const row = y * strides[0] + r * dilation[0] - margins.top
              const column = z * strides[1] + k * dilation[1] - margins.left
              if (row < 0 || row >= height || column < 0 || column >= width) continue
              const at = ((n * height + row) * width + column) * inChannels + Math.floor(c / channels) * depth
              const tap = (r * kernel[1] + k) * depth
              for (let i = 0; i < depth; i++)
                sums[at + i]! += gradient[o]! * filter[(tap + i) * outChannels + c]!
            }
  return sums
}

/** What our kernels make of some of the images. */
function computed(
  shape: ConvolutionShape,
  gradient: Float32Array,
  filter: Float32Array,
  count = images,
  isDirect = false,
): Float32Array {
  const backend = tf.backend() as BackendWasm
  const { outHeight, outWidth, outChannels, inChannels, groups } = shape
  return tf.tidy(() => {
    const x = tf.tensor4d(gradient, [count, outHeight, outWidth, outChannels])
    const weights = tf.tensor(filter, [...shape.kernel, inChannels / groups, outChannels])
    const epilogue = { bias: false, activation: { fn: 'linear' } } as const
    const job = { backend, shape, epilogue, arithmetic: arithmeticOf(backend)!, images: count }
    const operands = { x, filter: weights, bias: undefined }
    const output = isDirect ? convolveBack(job, operands, () => 'direct') : convolveBack(job, operands)
    const values = (backend.readSync(output.dataId) as Float32Array).slice()
    backend.disposeData(output.dataId)
    return values
  })
}

describe.each(cases.map((one) => [JSON.stringify(one), one] as const))('%s', (_, one) => {
  const shape = shapeOf(one)
  const gradient = numbers(images * shape.outHeight * shape.outWidth * shape.outChannels, 1)
  const filter = numbers(
    shape.kernel[0] * shape.kernel[1] * (shape.inChannels / shape.groups) * shape.outChannels,
    2,
  )

  it('is the formula, by both kernels, and leaves nothing in memory', () => {
    const before = [tf.memory().numTensors, packedBytes(tf.backend() as BackendWasm)]
    const exact = formulaBack(shape, gradient, filter)
    for (const isDirect of [false, true])
      expect(largestError(computed(shape, gradient, filter, images, isDirect), exact)).toBeLessThan(5e-6)
    expect([tf.memory().numTensors, packedBytes(tf.backend() as BackendWasm)]).toEqual(before)
  })

  it('is the same to the bit for an image alone', () => {
    const all = computed(shape, gradient, filter)
    const [ins, outs] = [gradient.length / images, all.length / images]
    for (const n of [0, 2]) {
      const alone = computed(shape, gradient.slice(n * ins, (n + 1) * ins), filter, 1)
      expect(alone).toEqual(all.slice(n * outs, (n + 1) * outs))
    }
  })
})

it('keeps infinite numbers and NaN where they are seen', () => {
  const shape = shapeOf({ map: [16, 16, 16], kernel: [3, 3], filters: 16, margins: [1, 1, 1, 1] })
  const gradient = numbers(images * 16 * 16 * 16, 1)
  gradient[5 * 16 * 16 + 5 * 16] = Number.NaN
  const filter = numbers(9 * 16 * 16, 2)
  const found = computed(shape, gradient, filter)
  const exact = formulaBack(shape, gradient, filter)
  expect([...found].map((value) => Number.isNaN(value))).toEqual(
    [...exact].map((value) => Number.isNaN(value)),
  )
})
