/**
 * @file Puts our convolutions in the place of those of tfjs' WASM backend, under their names. What ours cannot do is
 * left to tfjs': activations that take more than a few instructions, channels that are not last, depthwise kernels that
 * make several channels of one, and browsers without SIMD.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { chosenConvolutions } from './choice.ts'
import { convolve } from './convolve.ts'
import { convolveDepthwise } from './depthwise.ts'
import { arithmeticOf } from './job.ts'
import { type Activation, type ConvolutionShape, kernelFor } from './shape.ts'

/** As tfjs' kernels of all four names have them; those that are not fused lack the last two. */
export interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dilations?: number | [number, number]
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly activation?: string
  readonly leakyreluAlpha?: number
}

interface Inputs {
  readonly x: tf.TensorInfo
  readonly filter: tf.TensorInfo
  readonly bias?: tf.TensorInfo
}

const names = {
  FusedConv2D: false,
  Conv2D: false,
  FusedDepthwiseConv2D: true,
  DepthwiseConv2dNative: true,
} as const

let isRegistered = false

/** To be called before the backend starts; a second call, after a start that failed, does nothing. */
export function registerConvolutions(): void {
  if (isRegistered) return
  isRegistered = true
  tf.registerKernel({
    kernelName: groupedName,
    backendName: 'wasm',
    kernelFunc: (call) => ran(call, false)!,
  })
  for (const [kernelName, isDepthwise] of Object.entries(names)) {
    const theirs = tf.getKernel(kernelName, 'wasm')
    tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({
      ...theirs,
      kernelFunc: (call) => ran(call, isDepthwise) ?? theirs.kernelFunc(call),
    })
  }
}

function ran(
  { inputs, attrs, backend }: Parameters<tf.KernelFunc>[0],
  isDepthwise: boolean,
): tf.TensorInfo | null {
  return run(inputs as unknown as Inputs, attrs as unknown as Attributes, backend as BackendWasm, isDepthwise)
}

const groupedName = 'GroupedConv2D'

/**
 * A convolution of groups, while WASM computes: `filter` is `[row, column, input channel of a group, output channel]`.
 * Returns null if it cannot be done here. tfjs knows no groups: there a convolution of each is packed anew in every pass.
 */
export function convolveGroups(inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor | null {
  const isHere = chosenConvolutions() !== 'tfjs' && inputs['x']!.shape[0]! > 0
  if (!isHere || !arithmeticOf(tf.backend() as BackendWasm) || !activationOf(attributes)) return null
  return tf.engine().runKernel(groupedName, inputs, { ...attributes } as tf.NamedAttrMap)
}

/** Returns null if tfjs is to do it. */
function run(
  { x, filter, bias }: Inputs,
  attributes: Attributes,
  backend: BackendWasm,
  isDepthwise: boolean,
): tf.TensorInfo | null {
  const chosen = chosenConvolutions()
  if (chosen === 'tfjs') return null
  const arithmetic = arithmeticOf(backend)
  const activation = activationOf(attributes)
  const { dataFormat = 'NHWC' } = attributes
  if (!arithmetic || !activation || dataFormat !== 'NHWC' || x.dtype !== 'float32') return null
  if (isDepthwise && filter.shape[3] !== 1) return null
  const shape = shapeOf(x, filter, attributes, isDepthwise)
  const isEmpty = [x.shape[0]!, shape.outHeight, shape.outWidth].some((extent) => extent <= 0)
  if (isEmpty) return null
  const job = {
    backend,
    shape,
    epilogue: { bias: bias !== undefined && bias !== null, activation },
    arithmetic,
    images: x.shape[0]!,
  }
  const operands = { x, filter, bias }
  if (isDepthwise) return convolveDepthwise(job, operands)
  return convolve(job, operands, chosen === 'direct' ? 'direct' : kernelFor(shape))
}

function shapeOf(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  { strides, pad, dilations = 1, dimRoundingMode }: Attributes,
  isDepthwise: boolean,
): ConvolutionShape {
  type Four = [number, number, number, number]
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as Four,
    filter.shape as Four,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    isDepthwise,
  )
  const { top, bottom, left, right } = info.padInfo
  return {
    height: info.inHeight,
    width: info.inWidth,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    margins: { top, bottom, left, right },
    groups: isDepthwise ? info.inChannels : info.inChannels / filter.shape[2]!,
  }
}

function activationOf({ activation = 'linear', leakyreluAlpha = 0.2 }: Attributes): Activation | null {
  switch (activation) {
    case 'linear':
    case 'relu':
    case 'relu6':
    case 'hard_sigmoid':
    case 'hard_silu':
      return { fn: activation }
    case 'leakyrelu':
      return { fn: activation, slope: leakyreluAlpha }
    default:
      return null
  }
}
