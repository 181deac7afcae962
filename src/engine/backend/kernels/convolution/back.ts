/**
 * @file The gradient of a convolution with respect to its input: a convolution of the gradient, with the filters turned around and
 * the channels of input and output exchanged. In steps of s it would see zeros between the numbers of the gradient; instead
 * every s-th row and column of the result is a convolution of its own, by those taps of the filter that it does not see zeros
 * through:
 *
 *     out[s·i + phase] = Σ gradient[(s·i + phase + margin − dilation·tap) / s] · filter[tap]
 *                        taps for which this is a whole number
 *
 * Filters are packed in this order once, and freed with those of the way forward, or when a scan begins.
 */
import type * as tf from '@tensorflow/tfjs'
import { type ConvolutionKernel, kernelFor } from '../../../../core/model/convolutionKernels.ts'
import { withBytes, wasmProgram } from '../wasmProgram.ts'
import { byDepthwise } from './depthwise.ts'
import { directly } from './direct.ts'
import { isLinear } from './directProgram.ts'
import { frameOf } from './frame.ts'
import { type Interleave, interleaveProgram } from './interleaveProgram.ts'
import { type Job, type Operands, type Runner, type TurnedFilter, addressOf } from './job.ts'
import { turnedKey } from './packedWeights.ts'
import type { ConvolutionShape } from './shape.ts'
import { floatBytes } from './tiles.ts'
import { byWinograd } from './winograd.ts'

/** One of the convolutions that a gradient is made of. */
interface Part {
  /** The first row and column of the result that it computes. */
  readonly first: readonly [number, number]
  readonly shape: ConvolutionShape
  readonly turned: TurnedFilter
}

const interleave = wasmProgram<Interleave>(interleaveProgram)

/**
 * A new tensor. `job.shape` is that of the convolution, and `operands.x` the gradient with respect to its output; `filter` is
 * `[row, column, input channel of a group, output channel]` also if each channel is a group.
 */
export function convolveBack(
  job: Job,
  operands: Operands,
  kernelOf: (shape: ConvolutionShape) => ConvolutionKernel = kernelFor,
): tf.TensorInfo {
  const { backend, shape, images } = job
  const { height, width, inChannels, outChannels, outHeight, outWidth, strides } = shape
  const parts = partsOf(shape)
  const isWhole = strides[0] * strides[1] === 1
  const output = backend.makeOutput([images, height, width, inChannels], 'float32')
  const imageBytes = {
    input: outHeight * outWidth * outChannels * floatBytes,
    output: height * width * inChannels * floatBytes,
  }
  if (parts.length < Math.min(strides[0], height) * Math.min(strides[1], width)) {
    const to = addressOf(backend, output)
    backend.wasm.HEAPU8.fill(0, to, to + images * imageBytes.output)
  }
  for (const part of parts) {
    const own = { ...job, shape: part.shape }
    const isDepthwise = shape.groups === inChannels && inChannels === outChannels && inChannels > 1
    const make = isDepthwise ? byDepthwise : kernelOf(part.shape) === 'winograd' ? byWinograd : directly
    const runner: Runner = make(own, { ...operands, turned: part.turned })
    const frame = isDepthwise ? null : frameOf(own)
    const [rows, columns] = [part.shape.outHeight, part.shape.outWidth]
    const frameBytes = frame?.bytes ?? 0
    const partBytes = isWhole ? 0 : rows * columns * inChannels * floatBytes
    withBytes(backend, frameBytes + runner.scratchBytes + partBytes, (scratch) => {
      const [from, to] = [addressOf(backend, operands.x), addressOf(backend, output)]
      const together = isWhole && isLinear(part.shape) ? images : 1
      for (let n = 0; n < images; n += together) {
        const input = from + n * imageBytes.input
        const whole = to + n * imageBytes.output
        const behind = scratch + frameBytes
        const apart = isWhole ? whole : behind + runner.scratchBytes
        runner.run(frame ? frame.copied(input, scratch) : input, apart, behind, together)
        if (isWhole) continue
        const pixelBytes = inChannels * floatBytes
        const first = whole + (part.first[0] * width + part.first[1]) * pixelBytes
        const rowBytes = strides[0] * width * pixelBytes
        interleave(backend)!.spread(
          apart,
          rows,
          columns,
          pixelBytes,
          first,
          strides[1] * pixelBytes,
          rowBytes,
        )
      }
    })
  }
  return output
}

/** The taps that see one of `stride` phases of the result, along one axis. */
interface Phase {
  readonly first: number
  readonly count: number
  /** In the order in which they follow each other over the gradient: backwards. */
  readonly taps: readonly number[]
  readonly dilation: number
  readonly before: number
  readonly after: number
}

function phasesAlong(axis: {
  readonly length: number
  readonly gradientLength: number
  readonly taps: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
}): Phase[] {
  const { length, gradientLength, stride, dilation, before } = axis
  return Array.from({ length: Math.min(stride, length) }, (_, first) => {
    const taps = Array.from({ length: axis.taps }, (_tap, i) => axis.taps - 1 - i).filter(
      (tap) => (first + before - tap * dilation) % stride === 0,
    )
    /** What each tap sees of the gradient when the first number of this phase is computed. */
    const places = taps.map((tap) => (first + before - tap * dilation) / stride)
    const count = Math.ceil((length - first) / stride)
    return {
      first,
      count,
      taps,
      dilation: places.length > 1 ? places[1]! - places[0]! : 1,
      before: -places[0]!,
      after: count - 1 + places.at(-1)! - (gradientLength - 1),
    }
  }).filter(({ taps }) => taps.length > 0)
}

function partsOf(shape: ConvolutionShape): Part[] {
  const { height, width, kernel, strides, dilation, margins, outHeight, outWidth } = shape
  const rows = phasesAlong({
    length: height,
    gradientLength: outHeight,
    taps: kernel[0],
    stride: strides[0],
    dilation: dilation[0],
    before: margins.top,
  })
  const columns = phasesAlong({
    length: width,
    gradientLength: outWidth,
    taps: kernel[1],
    stride: strides[1],
    dilation: dilation[1],
    before: margins.left,
  })
  return rows.flatMap((row) =>
    columns.map((column) => ({
      first: [row.first, column.first] as const,
      shape: {
        ...shape,
        height: outHeight,
        width: outWidth,
        inChannels: shape.outChannels,
        outChannels: shape.inChannels,
        outHeight: row.count,
        outWidth: column.count,
        kernel: [row.taps.length, column.taps.length] as const,
        strides: [1, 1] as const,
        dilation: [row.dilation, column.dilation] as const,
        margins: { top: row.before, bottom: row.after, left: column.before, right: column.after },
      },
      turned: turnedFilter(shape, row.taps, column.taps),
    })),
  )
}

/** From `[row, column, input channel of a group, output channel]` to `[…, output channel of a group, input channel]`. */
function turnedFilter(
  { kernel, groups, inChannels, outChannels }: ConvolutionShape,
  rows: readonly number[],
  columns: readonly number[],
): TurnedFilter {
  const [ins, outs] = [inChannels / groups, outChannels / groups]
  return {
    key: `${turnedKey} ${rows.join()} ${columns.join()}`,
    of(filter) {
      const turned = new Float32Array(rows.length * columns.length * ins * outChannels)
      let to = 0
      for (const row of rows)
        for (const column of columns) {
          const tap = (row * kernel[1] + column) * ins * outChannels
          for (let out = 0; out < outs; out++)
            for (let group = 0; group < groups; group++)
              for (let i = 0; i < ins; i++) turned[to++] = filter[tap + i * outChannels + group * outs + out]!
        }
      return turned
    },
  }
}
