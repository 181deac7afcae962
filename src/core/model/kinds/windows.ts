/** @file The arithmetic that convolution and pooling share: output length, padding and reach of a window. */
import type { Affine, Padding, Pair } from '../network.ts'
import type { Edge, Interval, Reach } from './kind.ts'
import type { LayerConfig } from '../keras/layers/layerConfig.ts'
import { readActivation } from '../keras/layers/readActivation.ts'

export interface Window {
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
  config.dataFormat()
  config.only('rank', 2)
  config.only('quantization_config')
  // When it is saved, the adapter is added to the kernel.
  config.ignore('lora_rank', 'lora_alpha')
  const strides = config.pair('strides', [1, 1])
  const dilation = config.pair('dilation_rate', [1, 1])
  // Nor does Keras compute both together.
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) config.refuse('dilation_rate', dilation)
  return {
    kernel: config.pair('kernel_size'),
    strides,
    dilation,
    padding: readPadding(config),
    bias: config.boolean('use_bias', true),
    activation: readActivation(config, 'activation'),
  }
}

/** A dilated kernel of `n` taps spans `(n - 1) * dilation + 1` inputs. */
export function span(window: Window, axis: 0 | 1): number {
  return (window.kernel[axis] - 1) * (window.dilation?.[axis] ?? 1) + 1
}

export function outputLength(window: Window, axis: 0 | 1, length: number): number {
  const stride = window.strides[axis]
  const result = Math.ceil((window.padding === 'same' ? length : length - span(window, axis) + 1) / stride)
  if (result < 1) throw new Error(`its window of ${span(window, axis)} does not fit into ${length}`)
  return result
}

/**
 * How far the first window hangs over the edge. TensorFlow's `same` padding depends on the length and puts the odd
 * pixel behind: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 */
export function paddingBefore(window: Window, axis: 0 | 1, length: number): number {
  if (window.padding === 'valid') return 0
  const stride = window.strides[axis]
  const total = (Math.ceil(length / stride) - 1) * stride + span(window, axis) - length
  return Math.floor(Math.max(total, 0) / 2)
}

export function windowReach(window: Window, { axis, inputs }: Edge, [first, end]: Interval): Reach {
  const before = paddingBefore(window, axis, inputs[0]![axis]!)
  const stride = window.strides[axis]
  return [first * stride - before, (end - 1) * stride - before + span(window, axis)]
}
