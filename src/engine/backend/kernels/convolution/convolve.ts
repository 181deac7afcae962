/** @file Convolutions of tensors by programs made for their shape. */
import type * as tf from '@tensorflow/tfjs'
import type { ConvolutionKernel } from '../../../../core/model/convolutionKernels.ts'
import { withBytes } from '../wasmProgram.ts'
import { directly } from './direct.ts'
import { isLinear } from './directProgram.ts'
import { frameOf } from './frame.ts'
import { type Job, type Operands, addressOf } from './job.ts'
import { floatBytes } from './tiles.ts'
import { byWinograd } from './winograd.ts'

/** A new tensor. The images go one after the other. */
export function convolve(job: Job, operands: Operands, kernel: ConvolutionKernel): tf.TensorInfo {
  const { shape, images, backend } = job
  const { height, width, inChannels, outHeight, outWidth, outChannels } = shape
  const runner = (kernel === 'winograd' ? byWinograd : directly)(job, operands)
  const frame = frameOf(job)
  const inputBytes = height * width * inChannels * floatBytes
  const outputBytes = outHeight * outWidth * outChannels * floatBytes
  return withBytes(backend, frame.bytes + runner.scratchBytes, (scratch) => {
    const output = backend.makeOutput([images, outHeight, outWidth, outChannels], 'float32')
    const [from, to] = [addressOf(backend, operands.x), addressOf(backend, output)]
    const runs = isLinear(shape) ? 1 : images
    for (let n = 0; n < runs; n++) {
      const input = frame.copied(from + n * inputBytes, scratch)
      runner.run(input, to + n * outputBytes, scratch + frame.bytes, images / runs)
    }
    return output
  })
}
