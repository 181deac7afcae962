import { describe, expect, it } from 'vitest'
import { readerOf } from '../../../../../src/core/model/keras/layers/index.ts'
import { chain, type Json, problemOf, spec } from '../../../../fixtures/kerasModels.ts'

/** Why a layer, for images of 10 rows, 12 columns and 3 channels, is not computed. */
function problem(className: string, config: Json, kerasMajor = 3): string {
  return problemOf(chain([10, 12, 3], [spec(className, 'it', config)], kerasMajor), 'it')
}

const window = { filters: 4, kernel_size: 3 }
const quantized = { class_name: 'QuantizedDTypePolicy', config: { mode: 'int8', source_name: 'float32' } }

describe('options that change the result and are not computed', () => {
  it.each<readonly [string, Json, string]>([
    // Unknown keys, in any layer.
    ['Conv2D', { ...window, causal: true }, 'causal = true'],
    ['Conv2D', { ...window, dtype: 'int8' }, 'dtype = "int8"'],
    ['Dense', { units: 2, dtype: quantized }, `dtype = ${JSON.stringify(quantized).slice(0, 60)}…`],
    // The other order of axes, in the middle of a network.
    ['Flatten', { data_format: 'channels_first' }, 'data_format = "channels_first"'],
    // Convolutions
    ['Conv2D', { ...window, padding: 'causal' }, 'padding = "causal"'],
    ['Conv2D', { ...window, strides: 2, dilation_rate: 2 }, 'dilation_rate = [2,2]'],
    ['Conv2D', { ...window, rank: 3 }, 'rank = 3'],
    ['Conv2D', { ...window, kernel_size: [3] }, 'kernel_size = [3]'],
    ['Conv2D', { kernel_size: 3 }, 'filters = nothing'],
    ['DepthwiseConv2D', { kernel_size: 3, groups: 2 }, 'groups = 2'],
    ['SeparableConv2D', { ...window, groups: 3 }, 'groups = 3'],
    ['Conv2DTranspose', { ...window, output_padding: 'same' }, 'output_padding = "same"'],
    // Activations
    ['Activation', { activation: 'glu' }, 'activation = "glu"'],
    ['Activation', { activation: 'sparsemax' }, 'activation = "sparsemax"'],
    ['Activation', { activation: 'sparse_sigmoid' }, 'activation = "sparse_sigmoid"'],
    ['Activation', { activation: 'threshold' }, 'activation = "threshold"'],
    ['Activation', { activation: 'Custom>swirl' }, 'activation = "Custom>swirl"'],
    // Names that only Urpatch uses mean nothing in a file.
    ['Activation', { activation: 'hard_sigmoid_2' }, 'activation = "hard_sigmoid_2"'],
    ['Activation', { activation: 'gelu_tanh' }, 'activation = "gelu_tanh"'],
    ['Activation', { activation: { class_name: 'Swirl', config: {} } }, 'activation = "Swirl"'],
    ['Conv2D', { ...window, activation: { class_name: 'function', config: 'f' } }, 'activation = "f"'],
    ['Softmax', { axis: 1 }, 'axis = 1'],
    ['Softmax', { axis: [1, 2] }, 'axis = [1,2]'],
    ['Celu', { alpha: 0.5 }, 'alpha = 0.5'],
    ['Squareplus', { b: 1 }, 'b = 1'],
    ['HardShrink', { threshold: 1 }, 'threshold = 1'],
    ['Clip', { x_min: -1, x_max: 1 }, 'x_min = -1'],
    ['ReLU', { threshold: [1] }, 'threshold = [1]'],
    // Normalization
    ['BatchNormalization', { axis: 1 }, 'axis = 1'],
    ['BatchNormalization', { renorm: true }, 'renorm = true'],
    ['BatchNormalization', { virtual_batch_size: 8 }, 'virtual_batch_size = 8'],
    ['BatchNormalization', { mode: 1 }, 'mode = 1'],
    // Numbers that there cannot be
    ['Dense', { units: 0 }, 'units = 0'],
    ['Dense', { units: null }, 'units = nothing'],
    ['Conv2D', { ...window, filters: -3 }, 'filters = -3'],
    ['Conv2D', { ...window, strides: [0.5, 1] }, 'strides = [0.5,1]'],
    ['Conv2D', { ...window, kernel_size: [3, null] }, 'kernel_size = [3,null]'],
    [
      'ZeroPadding2D',
      {
        padding: [
          [-1, 1],
          [0, 0],
        ],
      },
      'padding = [[-1,1],[0,0]]',
    ],
    ['UpSampling2D', { size: 1e300 }, 'size = 1e+300'],
    ['GroupNormalization', { groups: 1.5, axis: -1 }, 'groups = 1.5'],
    ['Normalization', { axis: [1, 3] }, 'axis = [1,3]'],
    ['Normalization', { mean: 'a', variance: 1 }, 'mean = "a"'],
    ['LayerNormalization', { rms_scaling: true }, 'rms_scaling = true'],
    ['LayerNormalization', { axis: 0 }, 'axis = 0'],
    ['GroupNormalization', { axis: 1, groups: 1 }, 'axis = 1'],
    // Pooling and resizing
    ['GlobalAveragePooling2D', { keepdims: 'yes' }, 'keepdims = "yes"'],
    ['Mean', { axis: [1], keepdims: false }, 'axis = [1]'],
    ['Max', { axis: null, keepdims: false }, 'axis = []'],
    ['Max', { axis: [1, 2], keepdims: false, initial: 3 }, 'initial = 3'],
    ['UpSampling2D', { interpolation: 'bicubic' }, 'interpolation = "bicubic"'],
    ['Resizing', { height: 4, width: 4, interpolation: 'area' }, 'interpolation = "area"'],
    ['Resizing', { height: 4, width: 4, crop_to_aspect_ratio: true }, 'crop_to_aspect_ratio = true'],
    ['Resizing', { height: 4, width: 4, pad_to_aspect_ratio: true }, 'pad_to_aspect_ratio = true'],
    ['Resizing', { height: 4, width: 4, antialias: true }, 'antialias = true'],
    // A crop that is larger than the map would resize.
    ['CenterCrop', { height: 11, width: 4 }, 'height = 11'],
    // Shapes
    ['Permute', { dims: [2, 1, 3] }, 'dims = [2,1,3]'],
    ['RepeatVector', { n: 2 }, 'n = 2'],
    ['Squeeze', { axis: [1] }, 'axis = [1]'],
    ['Reshape', { newshape: [2, 180] }, 'newshape = [2,180]'],
    ['Concatenate', { axis: 1 }, 'axis = 1'],
    // Functions of TensorFlow
    ['TFOpLambda', { function: 'math.cumsum' }, 'function = "math.cumsum"'],
    ['TFOpLambda', { function: 'nn.softmax', 'call:axis': 1 }, 'call:axis = 1'],
    ['TFOpLambda', { function: 'nn.relu', 'call:leak': 1 }, 'the argument leak = 1'],
    ['TFOpLambda', { function: 'cast', 'call:dtype': 'uint8' }, 'call:dtype = "uint8"'],
    ['TFOpLambda', { function: 'nn.silu', 'call:beta': 2 }, 'call:beta = 2'],
  ])('%s %j', (className, config, option) => {
    expect(problem(className, config)).toBe(
      `layer "it" (${className}) uses ${option}, which Urpatch does not compute`,
    )
  })

  it('of a layer that is an activation', () => {
    const activation = { class_name: 'ReLU', config: { max_value: 6, swirl: 2 } }
    expect(problem('Conv2D', { ...window, activation })).toBe(
      'layer "it\'s activation" (ReLU) uses swirl = 2, which Urpatch does not compute',
    )
  })
})

describe('shapes that do not fit', () => {
  it.each<readonly [string, Json, string]>([
    ['Conv2D', { ...window, groups: 2 }, '3 channels and 4 filters do not fall into 2 groups'],
    ['Conv2DTranspose', { ...window, strides: 2, output_padding: 5 }, 'its output padding 5 does not fit'],
    ['GroupNormalization', { groups: 2 }, 'its 3 channels do not fall into 2 groups'],
    ['Normalization', { mean: [1, 2], variance: [1, 1] }, 'it has 2 means for 3 channels'],
    ['Rescaling', { scale: [1, 2] }, 'it has 2 numbers for 3 channels'],
    ['Reshape', { target_shape: [7, -1] }, '[10, 12, 3] cannot take the shape [7, -1]'],
    ['Add', {}, 'it has one input only'],
  ])('%s %j', (className, config, reason) => {
    expect(problem(className, config)).toContain(`layer "it" (${className}) does not fit: ${reason}`)
  })
})

it.each([
  'AutoContrast',
  'CLAHE',
  'Equalization',
  'RandomCrop',
  'Solarization',
  'AdaptiveAveragePooling2D',
  'Addons>StochasticDepth',
  'Attention',
  'Conv1D',
  'Conv3D',
  'Dot',
  'Lambda',
  'LSTM',
  'MultiHeadAttention',
  'SlicingOpLambda',
  'GetItem',
  'Power',
  'SpectralNormalization',
  'TimeDistributed',
])('%s is not supported, by name', (className) => {
  expect(readerOf(className)).toBeUndefined()
  expect(problem(className, {})).toBe(`layer "it" is of type ${className}, which Urpatch does not support`)
})

describe('in a network whose channels come first', () => {
  const refused = (className: string, config: Json): string => {
    const network = chain(
      [3, 10, 12],
      [spec('MaxPooling2D', 'pool', { data_format: 'channels_first' }), spec(className, 'it', config)],
    )
    return problemOf(network, 'it')
  }

  it.each<readonly [string, Json, string]>([
    ['Conv2D', { ...window, data_format: 'channels_last' }, 'data_format = "channels_last"'],
    // These work along the last axis, which here means the columns of a row.
    ['Dense', { units: 2 }, 'data_format = "channels_first"'],
    ['PReLU', {}, 'data_format = "channels_first"'],
    ['Activation', { activation: 'softmax' }, 'data_format = "channels_first"'],
    ['Rescaling', { scale: [1, 2, 3] }, 'data_format = "channels_first"'],
    ['Softmax', {}, 'axis = -1'],
    ['BatchNormalization', { axis: 3 }, 'axis = 3'],
    ['Concatenate', { axis: -1 }, 'axis = -1'],
    // Weights and numbers in another order.
    ['LayerNormalization', { axis: [1, 2, 3] }, 'axis = [0,1,2]'],
    ['Reshape', { target_shape: [3, 6, 5] }, 'target_shape = [3,6,5]'],
  ])('%s %j', (className, config, option) => {
    expect(refused(className, config)).toBe(
      `layer "it" (${className}) uses ${option}, which Urpatch does not compute`,
    )
  })
})
