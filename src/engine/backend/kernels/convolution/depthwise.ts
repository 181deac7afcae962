/** @file Runs depthwise convolutions: see `depthwiseProgram`. */
import type * as tf from '@tensorflow/tfjs'
import { type DepthwiseProgram, depthwiseProgram, tapsInside } from './depthwiseProgram.ts'
import { type Job, type Operands, addressOf, programOf } from './job.ts'
import { keyOf } from './shape.ts'
import { floatBytes } from './tiles.ts'

/** `shape` has as many groups as channels, and `filter` is `[row, column, channel, 1]`. */
export function convolveDepthwise(job: Job, { x, filter, bias }: Operands): tf.TensorInfo {
  const { backend, shape, epilogue, arithmetic, images } = job
  const { height, width, inChannels, outHeight, outWidth, kernel, strides, dilation, margins } = shape
  const key = `${arithmetic} ${keyOf(shape, epilogue)}`
  const program = programOf<DepthwiseProgram>(backend, `depthwise ${key}`, () =>
    depthwiseProgram(shape, epilogue, arithmetic),
  )
  const output = backend.makeOutput([images, outHeight, outWidth, inChannels], 'float32')
  const [from, to] = [addressOf(backend, x), addressOf(backend, output)]
  const [weights, biases] = [addressOf(backend, filter), bias ? addressOf(backend, bias) : 0]
  const pixelBytes = inChannels * floatBytes
  for (let n = 0; n < images; n++)
    for (let row = 0; row < outHeight; row++) {
      const start = row * strides[0] - margins.top
      const [first, behind] = tapsInside(start, height, kernel[0], dilation[0])
      program.convolve(
        from + (n * height + start + first * dilation[0]) * width * pixelBytes,
        weights + first * kernel[1] * pixelBytes,
        behind - first,
        biases,
        to + (n * outHeight + row) * outWidth * pixelBytes,
      )
    }
  return output
}
