/** @file Runs depthwise convolutions: see `depthwiseProgram`. */
import type * as tf from '@tensorflow/tfjs'
import { type DepthwiseProgram, depthwiseProgram, tapsInside } from './depthwiseProgram.ts'
import { type Job, type Operands, type Runner, addressOf, filterOf, packedKey, programOf } from './job.ts'
import { packed } from './packedWeights.ts'
import { keyOf } from './shape.ts'
import { floatBytes } from './tiles.ts'

/** `shape` has as many groups as channels, and `filter` is `[row, column, channel, 1]`. */
export function convolveDepthwise(job: Job, operands: Operands): tf.TensorInfo {
  const { backend, images } = job
  const { outHeight, outWidth, inChannels } = job.shape
  const output = backend.makeOutput([images, outHeight, outWidth, inChannels], 'float32')
  byDepthwise(job, operands).run(addressOf(backend, operands.x), addressOf(backend, output), 0, images)
  return output
}

/** The same from one address to another. The maps come without a frame of zeros. */
export function byDepthwise({ backend, shape, epilogue, arithmetic }: Job, operands: Operands): Runner {
  const { filter, bias, turned } = operands
  const { height, width, inChannels, outHeight, outWidth, kernel, strides, dilation, margins } = shape
  const key = `${arithmetic} ${keyOf(shape, epilogue)}`
  const program = programOf<DepthwiseProgram>(backend, `depthwise ${key}`, () =>
    depthwiseProgram(shape, epilogue, arithmetic),
  )
  const pixelBytes = inChannels * floatBytes
  const count = kernel[0] * kernel[1] * inChannels
  const packedAddress =
    turned &&
    packed(backend, filter, packedKey('depthwise', operands), count * floatBytes, (buffer, address) =>
      new Float32Array(buffer, address, count).set(filterOf(backend, operands)),
    )
  return {
    scratchBytes: 0,
    run(input, output, _, images) {
      const weights = packedAddress ?? addressOf(backend, filter)
      const biases = bias ? addressOf(backend, bias) : 0
      for (let n = 0; n < images; n++)
        for (let row = 0; row < outHeight; row++) {
          const start = row * strides[0] - margins.top
          const [first, behind] = tapsInside(start, height, kernel[0], dilation[0])
          program.convolve(
            input + (n * height + start + first * dilation[0]) * width * pixelBytes,
            weights + first * kernel[1] * pixelBytes,
            behind - first,
            biases,
            output + (n * outHeight + row) * outWidth * pixelBytes,
          )
        }
    },
  }
}
