/** @file A small network whose layers are computed by every kernel that the engine has for CNNs. */
import type { Network } from '../../src/core/model/network.ts'
import { inputSpec, keras3FunctionalJson, type LayerSpec, networkOf, spec } from '../fixtures/kerasModels.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import { noiseWeights } from './noiseNetwork.ts'
import { tfjsFiles } from './tfjsFiles.ts'

const convolution = (name: string, from: string, filters: number, size: number, more = {}): LayerSpec =>
  spec('Conv2D', name, { filters, kernel_size: size, padding: 'same', activation: 'relu', ...more }, [from])

const layers: readonly LayerSpec[] = [
  inputSpec([27, 22, 3]),
  convolution('odd', 'image', 13, 3),
  convolution('strided', 'image', 16, 5, { strides: 2, activation: 'relu6' }),
  convolution('dilated', 'strided', 17, 3, { dilation_rate: 2, padding: 'valid' }),
  convolution('grouped', 'strided', 24, 3, { groups: 4, activation: 'leaky_relu' }),
  convolution('winograd', 'strided', 16, 3),
  convolution('winograd_valid', 'winograd', 19, 3, { padding: 'valid', activation: 'linear' }),
  spec('BatchNormalization', 'normalized', {}, ['winograd_valid']),
  spec('ReLU', 'activated', {}, ['normalized']),
  convolution('sigmoid', 'activated', 18, 3, { activation: 'sigmoid' }),
  spec('DepthwiseConv2D', 'depthwise', { kernel_size: 3, padding: 'same' }, ['activated']),
  spec('DepthwiseConv2D', 'depthwise_strided', { kernel_size: 3, padding: 'same', strides: 2 }, [
    'depthwise',
  ]),
  convolution('point', 'depthwise', 19, 1, { activation: 'linear' }),
  spec('Add', 'sum', {}, ['point', 'activated']),
  convolution('behind_sum', 'sum', 16, 3),
  spec('MaxPooling2D', 'max_pool', { pool_size: 3, strides: 2, padding: 'same' }, ['behind_sum']),
  spec('AveragePooling2D', 'mean_pool', { pool_size: 2 }, ['behind_sum']),
  spec('Concatenate', 'both', {}, ['winograd', 'grouped']),
  convolution('wide', 'both', 32, 3),
  spec('GlobalAveragePooling2D', 'means', {}, ['wide']),
  spec('Dense', 'dense', { units: 11, activation: 'softmax' }, ['means']),
  spec('Conv2DTranspose', 'larger', { filters: 5, kernel_size: 3, strides: 2 }, ['max_pool']),
  // Bright pixels become infinite here, and NaN behind the first convolution.
  spec('Rescaling', 'bright', { scale: 3e38, offset: 0 }, ['odd']),
  convolution('infinite', 'bright', 16, 3),
  convolution('infinite_winograd', 'infinite', 16, 3, { activation: 'linear' }),
  spec('Flatten', 'flat', {}, ['max_pool']),
  spec('Dense', 'flat_dense', { units: 7 }, ['flat']),
]

const json = keras3FunctionalJson(layers)

export function everyKernel(): Network {
  return networkOf(json)
}

/** The same network as a TensorFlow.js model with random weights. */
export function everyKernelFiles(): ModelFile[] {
  const network = everyKernel()
  return tfjsFiles(json, network, noiseWeights(network))
}
