/**
 * @file Puts our convolutions in the place of those of tfjs' WASM backend, under their names. What ours cannot do is
 * left to tfjs': activations that `activated.ts` has no way for, channels that are not last, depthwise kernels that
 * make several channels of one, and browsers without SIMD.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { kernelFor } from '../../../../core/model/convolutionKernels.ts'
import { chosenConvolutions } from './choice.ts'
import { convolveBack } from './back.ts'
import { convolve } from './convolve.ts'
import { convolveDepthwise } from './depthwise.ts'
import { arithmeticOf } from './job.ts'
import { packedBytes as bytesIn, unpack, unpackTurned } from './packedWeights.ts'
import { type Activation, type ConvolutionShape, plainFunctions } from './shape.ts'

/** As tfjs' kernels of all four names have them; those that are not fused lack the last two. */
export interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dilations?: number | [number, number]
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly activation?: string
  readonly leakyreluAlpha?: number
  /** What tfjs has no name for, in the place of `activation`. */
  readonly ownActivation?: Activation
  /** See `Operands`. */
  readonly factors?: Float64Array | undefined
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
  for (const [kernelName, isDepthwise] of Object.entries(ownNames))
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (call) => ran(call, isDepthwise)!,
    })
  tf.registerKernel({
    kernelName: backName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      ranBack(inputs as unknown as Inputs, attrs as unknown as BackAttributes, backend as BackendWasm),
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

const ownNames = { OwnConv2D: false, OwnDepthwiseConv2D: true } as const

const backName = 'OwnConv2DBack'

interface BackAttributes extends Attributes {
  /** The shape of the input of the convolution, with the batch first. */
  readonly inputShape: readonly number[]
}

/** Whether convolutions run by our kernels now, while WASM computes. */
export function convolvesHere(): boolean {
  return chosenConvolutions() !== 'tfjs' && arithmeticOf(tf.backend() as BackendWasm) !== null
}

/** The bytes that weights take in the order of our kernels, while WASM computes. */
export function packedBytes(): number {
  return bytesIn(tf.backend() as BackendWasm)
}

/** Frees what is packed of weights, while WASM computes. */
export function unpackWeights(weights: tf.Tensor): void {
  unpack(tf.backend() as BackendWasm, weights)
}

/** Frees what is packed for the way back, while WASM computes. It is packed anew when it is wanted. */
export function unpackWayBack(): void {
  unpackTurned(tf.backend() as BackendWasm)
}

/**
 * What tfjs' operations do not say, while WASM computes: groups, as `filter` is `[row, column, input channel of a group, output channel]`,
 * activations that only our kernels know, and factors that the filters are multiplied by. Returns null if it cannot be done
 * here.
 */
export function convolveByOurs(
  inputs: { readonly x: tf.Tensor; readonly filter: tf.Tensor; readonly bias?: tf.Tensor },
  attributes: Attributes,
  isDepthwise: boolean,
): tf.Tensor | null {
  const isRefused = inputs.x.shape[0] === 0 || (isDepthwise && inputs.filter.shape[3] !== 1)
  if (isRefused || !convolvesHere() || !activationOf(attributes)) return null
  const kernelName = isDepthwise ? 'OwnDepthwiseConv2D' : 'OwnConv2D'
  return tf.engine().runKernel(kernelName, { ...inputs }, { ...attributes } as unknown as tf.NamedAttrMap)
}

/**
 * The gradient of a convolution with respect to its input, while WASM computes; null if it cannot be done here. `filter` is `[row,
 * column, input channel of a group, output channel]`, and `gradient` that with respect to the output.
 */
export function convolveBackByOurs(
  gradient: tf.Tensor,
  filter: tf.Tensor,
  attributes: BackAttributes,
): tf.Tensor | null {
  if (gradient.size === 0 || !convolvesHere()) return null
  return tf
    .engine()
    .runKernel(backName, { x: gradient, filter }, { ...attributes } as unknown as tf.NamedAttrMap)
}

function ranBack({ x, filter }: Inputs, attributes: BackAttributes, backend: BackendWasm): tf.TensorInfo {
  const { inputShape } = attributes
  const shape = shapeOf({ ...x, shape: [...inputShape] }, filter, attributes, false)
  const job = {
    backend,
    shape,
    epilogue: { bias: false, activation: { fn: 'linear' } },
    arithmetic: arithmeticOf(backend)!,
    images: inputShape[0]!,
  } as const
  const kernelOf = chosenConvolutions() === 'direct' ? () => 'direct' as const : kernelFor
  return convolveBack(job, { x, filter, bias: undefined }, kernelOf)
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
  const operands = { x, filter, bias, factors: attributes.factors }
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

function activationOf({
  activation = 'linear',
  leakyreluAlpha = 0.2,
  ownActivation,
}: Attributes): Activation | null {
  if (ownActivation) return ownActivation
  if (activation === 'leakyrelu') return { fn: 'leaky_relu', slope: leakyreluAlpha }
  const fn = plainFunctions.find((name) => name === activation)
  return fn ? { fn } : null
}
