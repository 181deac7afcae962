/** @file The arithmetic that convolution and pooling share: output length, padding and reach of a window. */
import type { Affine, Padding, Pair } from '../network.ts'
import type { LayerConfig } from './layerConfig.ts'
import type { Reach } from './kind.ts'

interface Window {
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: Padding
  readonly dilation?: Pair
}

export function readPadding(config: LayerConfig): Padding {
  return config.choice<Padding>('padding', ['valid', 'same'], 'valid')
}

/** The keys that all convolutions have in common. */
export function readConvolution(config: LayerConfig): Required<Window> & Affine {
  config.only('data_format', 'channels_last')
  config.only('groups', 1)
  config.only('rank', 2)
  return {
    kernel: config.pair('kernel_size'),
    strides: config.pair('strides', [1, 1]),
    dilation: config.pair('dilation_rate', [1, 1]),
    padding: readPadding(config),
    bias: config.boolean('use_bias', true),
    activation: config.activation('activation'),
  }
}

/** A dilated kernel of `n` taps spans `(n - 1) * dilation + 1` inputs. */
function span(window: Window, axis: 0 | 1): number {
  return (window.kernel[axis] - 1) * (window.dilation?.[axis] ?? 1) + 1
}

export function outputLength(window: Window, axis: 0 | 1, length: number): number {
  const stride = window.strides[axis]
  const result = Math.ceil((window.padding === 'same' ? length : length - span(window, axis) + 1) / stride)
  if (result < 1) throw new Error(`its window of ${span(window, axis)} does not fit into ${length}`)
  return result
}

/**
 * TensorFlow's `same` padding depends on the input's length and puts the odd pixel behind:
 * https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 */
export function windowReach(window: Window, axis: 0 | 1, length: number): Reach {
  const size = span(window, axis)
  const stride = window.strides[axis]
  if (window.padding === 'valid') return { size, stride, before: 0 }
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0)
  return { size, stride, before: Math.floor(total / 2) }
}
