/** @file The kernels of all convolutions. Tensors have the batch first; the caller tidies. */
import * as tf from '@tensorflow/tfjs'
import { isByChannel } from '../../../core/model/convolutionKernels.ts'
import { transposedLength } from '../../../core/model/kinds/transposedConv.ts'
import { paddingBefore, span } from '../../../core/model/kinds/windows.ts'
import type { Activation, OperationOf, Pair } from '../../../core/model/network.ts'
import { wasmKernels } from '../../backend/tfjsBackend.ts'
import { activate, fusedName, ownActivation } from './activations.ts'
import { framed, zerosBetween } from './margins.ts'
import { padOf, pairOf } from './pair.ts'

type Pixels = tf.Tensor4D
type Weights = readonly tf.Tensor[]

/**
 * What the filters of the output channels are multiplied by, besides what is in the weights; see `Operands` of our
 * convolutions, which alone can do it.
 */
export type FilterFactors = Float64Array | undefined

interface Operands {
  readonly x: Pixels
  readonly filter: tf.Tensor
  readonly bias: tf.Tensor | undefined
  readonly factors?: FilterFactors
}

type Window = Omit<OperationOf<'depthwiseConv'>, 'kind' | 'multiplier'>

/** Adds the bias and applies the activation, if no fused kernel does. */
export function affineEnd(x: tf.Tensor, bias: tf.Tensor | undefined, activation: Activation): tf.Tensor {
  const biased = bias ? tf.add(x, bias) : x
  return activation.fn === 'linear' ? biased : activate(biased, activation)
}

/** Convolution, bias and, if a kernel can, activation in one. */
function fused(isDepthwise: boolean, op: Window, operands: Operands): tf.Tensor {
  const { x, filter, bias, factors } = operands
  const activation = fusedName(op.activation)
  const ours = factors || !activation ? byOurs(isDepthwise, op, operands) : null
  if (ours) return ours
  const kernel = isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d
  const y = kernel({
    x,
    filter: filter as Pixels,
    strides: pairOf(op.strides),
    pad: padOf(op.padding),
    dilations: pairOf(op.dilation),
    ...(bias ? { bias } : {}),
    activation: activation ?? 'linear',
  })
  return activation ? y : activate(y, op.activation)
}

/** Is null if our kernels cannot convolve here. */
function byOurs(isDepthwise: boolean, op: Window, { x, filter, bias, factors }: Operands): tf.Tensor | null {
  const activation = ownActivation(op.activation)
  const ours = wasmKernels()
  if (!ours) return null
  const y = ours.convolveByOurs(
    { x, filter, ...(bias ? { bias } : {}) },
    {
      strides: pairOf(op.strides),
      pad: padOf(op.padding),
      dilations: pairOf(op.dilation),
      ownActivation: activation ?? { fn: 'linear' },
      factors,
    },
    isDepthwise,
  )
  return y && !activation ? activate(y, op.activation) : y
}

/** tfjs convolves in steps or with taps apart, not both at once: zeros between the taps do the same. */
function spread<O extends Window>(given: O, taps: tf.Tensor): { readonly op: O; readonly filter: tf.Tensor } {
  const { strides, dilation } = given
  if (Math.max(...strides) === 1 || Math.max(...dilation) === 1) return { op: given, filter: taps }
  const filter = dilated(taps as Pixels, dilation)
  const [rows, columns] = filter.shape
  return { op: { ...given, kernel: [rows, columns], dilation: [1, 1] }, filter }
}

export function convolve(
  given: OperationOf<'conv'>,
  x: Pixels,
  [taps, bias]: Weights,
  factors?: FilterFactors,
): tf.Tensor {
  const { op, filter } = spread(given, taps!)
  const { groups } = op
  if (groups === 1) return fused(false, op, { x, filter: filter, bias, factors })
  const channels = x.shape[3]
  if (isByChannel(op, channels)) {
    const depthwise = tf.reshape(filter, [...op.kernel, channels, op.filters / channels])
    return fused(true, op, { x, filter: depthwise, bias })
  }
  // tfjs knows no groups, and packs the filters of each anew in every pass.
  const grouped = byOurs(false, op, { x, filter: filter, bias, factors })
  if (grouped) return grouped
  const filters: Pixels[] = tf.split(filter as Pixels, groups, 3)
  const parts = (tf.split(x, groups, 3) as Pixels[]).map((part, i) =>
    tf.conv2d(part, filters[i]!, pairOf(op.strides), padOf(op.padding), 'NHWC', pairOf(op.dilation)),
  )
  return affineEnd(tf.concat(parts, 3), bias, op.activation)
}

export function convolveDepthwise(
  given: OperationOf<'depthwiseConv'>,
  x: Pixels,
  [taps, bias]: Weights,
): tf.Tensor {
  const { op, filter } = spread(given, taps!)
  return fused(true, op, { x, filter, bias })
}

export function convolveSeparably(
  op: OperationOf<'separableConv'>,
  x: Pixels,
  [depthwise, pointwise, bias]: Weights,
  factors?: FilterFactors,
): tf.Tensor {
  const linear = { ...op, activation: { fn: 'linear' } } as const
  const middle = fused(true, linear, { x, filter: depthwise!, bias: undefined }) as Pixels
  const single = { ...op, strides: [1, 1], dilation: [1, 1], padding: 'valid' } as const
  return fused(false, single, { x: middle, filter: pointwise!, bias, factors })
}

export function convolveTransposed(
  op: OperationOf<'transposedConv'>,
  x: Pixels,
  [filter, bias]: Weights,
): tf.Tensor {
  const [batch, height, width] = x.shape
  const shape: [number, number, number, number] = [
    batch,
    transposedLength(op, 0, height),
    transposedLength(op, 1, width),
    op.filters,
  ]
  const y = tf.conv2dTranspose(
    x,
    dilated(filter as Pixels, op.dilation),
    shape,
    pairOf(op.strides),
    padOf(op.padding),
  )
  return affineEnd(y, bias, op.activation)
}

/** The filter with zeros between its taps; tfjs' transposed convolution knows no dilation at all. */
function dilated(filter: Pixels, dilation: Pair): Pixels {
  const [rows, columns, inChannels, outChannels] = filter.shape
  const apart = zerosBetween(tf.reshape(filter, [1, rows, columns, inChannels * outChannels]), dilation)
  return tf.reshape(apart, [apart.shape[1], apart.shape[2], inChannels, outChannels])
}

/**
 * The gradient of a convolution with respect to its input, which has this `shape`: itself a convolution of the gradient, with the
 * filters turned around and the channels of input and output exchanged. `filter` is `[row, column, input channel of a group, output
 * channel]`.
 */
export function convolveBack(
  op: Pick<OperationOf<'conv'>, 'kernel' | 'strides' | 'padding' | 'dilation' | 'groups'>,
  gradient: Pixels,
  filter: Pixels,
  shape: readonly [number, number, number, number],
): Pixels {
  const ours = wasmKernels()?.convolveBackByOurs(gradient, filter, {
    inputShape: shape,
    strides: pairOf(op.strides),
    pad: padOf(op.padding),
    dilations: pairOf(op.dilation),
  })
  if (ours) return ours as Pixels
  const [height, width, channels] = shape.slice(1) as [number, number, number]
  const apart = zerosBetween(gradient, op.strides)
  const along = (axis: 0 | 1, length: number): Pair => {
    const before = span(op, axis) - 1 - paddingBefore(op, axis, length)
    return [before, length + span(op, axis) - 1 - before - apart.shape[axis + 1]!]
  }
  const padded = framed(apart, { rows: along(0, height), columns: along(1, width) })
  const exchanged = exchangedChannels(tf.reverse(filter, [0, 1]), op.groups)
  return convolve(
    {
      kind: 'conv',
      filters: channels,
      kernel: op.kernel,
      strides: [1, 1],
      padding: 'valid',
      dilation: op.dilation,
      groups: op.groups,
      bias: false,
      activation: { fn: 'linear' },
    },
    padded,
    [exchanged],
  ) as Pixels
}

/** From `[…, input channel of a group, output channel]` to `[…, output channel of a group, input channel]`. */
function exchangedChannels(filter: Pixels, groups: number): Pixels {
  const [rows, columns, ins, outs] = filter.shape
  const apart = tf.reshape(filter, [rows * columns, ins, groups, outs / groups])
  const exchanged = tf.transpose(apart, [0, 3, 2, 1])
  return tf.reshape(exchanged, [rows, columns, outs / groups, groups * ins])
}
