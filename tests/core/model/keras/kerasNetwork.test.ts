import { describe, expect, it } from 'vitest'
import { parameterCount, type SupportedLayer } from '../../../../src/core/model/network.ts'
import { withKerasKeys } from '../../../../src/core/model/keras/kerasKeys.ts'
import { receptiveField } from '../../../../src/core/model/receptiveField.ts'
import { firstLayerToShow, scannableLayers, whyNotScannable } from '../../../../src/core/model/scannable.ts'
import {
  chain,
  exerciseNetwork,
  inputSpec,
  type Json,
  keras2FunctionalJson,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  problemOf,
  sequentialJson,
  spec,
  supported,
} from '../../../fixtures/kerasModels.ts'

/** One layer behind an image of 10 rows, 12 columns and 3 channels. */
function only(className: string, config: Json = {}, kerasMajor = 3): SupportedLayer {
  return supported(chain([10, 12, 3], [spec(className, 'it', config)], kerasMajor), 'it')
}

describe('shapes, weights and parameters', () => {
  const cases: readonly (readonly [string, string, Json, number[], Record<string, number[]>])[] = [
    ['Conv2D', 'valid', { filters: 4, kernel_size: [3, 5] }, [8, 8, 4], { kernel: [3, 5, 3, 4], bias: [4] }],
    [
      'Conv2D',
      'same',
      { filters: 4, kernel_size: 3, padding: 'same' },
      [10, 12, 4],
      { kernel: [3, 3, 3, 4], bias: [4] },
    ],
    [
      'Conv2D',
      'same with strides',
      { filters: 2, kernel_size: 3, strides: [3, 5], padding: 'same', use_bias: false },
      [4, 3, 2],
      { kernel: [3, 3, 3, 2] },
    ],
    [
      'Conv2D',
      'dilated',
      { filters: 2, kernel_size: [3, 2], dilation_rate: [2, 3] },
      [6, 9, 2],
      { kernel: [3, 2, 3, 2], bias: [2] },
    ],
    [
      'DepthwiseConv2D',
      'multiplied',
      { kernel_size: 3, depth_multiplier: 2 },
      [8, 10, 6],
      { kernel: [3, 3, 3, 2], bias: [6] },
    ],
    ['MaxPooling2D', 'by default', {}, [5, 6, 3], {}],
    ['AveragePooling2D', 'same', { pool_size: [3, 5], padding: 'same' }, [4, 3, 3], {}],
    ['MaxPooling2D', 'overlapping', { pool_size: 3, strides: 2 }, [4, 5, 3], {}],
    ['GlobalAveragePooling2D', 'by default', {}, [3], {}],
    ['GlobalMaxPooling2D', 'by default', {}, [3], {}],
    [
      'BatchNormalization',
      'by default',
      {},
      [10, 12, 3],
      { gamma: [3], beta: [3], moving_mean: [3], moving_variance: [3] },
    ],
    [
      'BatchNormalization',
      'without scale and centre',
      { axis: [3], scale: false, center: false },
      [10, 12, 3],
      { moving_mean: [3], moving_variance: [3] },
    ],
    ['Dense', 'on a map', { units: 7 }, [10, 12, 7], { kernel: [3, 7], bias: [7] }],
    ['Flatten', 'by default', {}, [360], {}],
    [
      'ZeroPadding2D',
      'by side',
      {
        padding: [
          [1, 2],
          [0, 4],
        ],
      },
      [13, 16, 3],
      {},
    ],
    ['ZeroPadding2D', 'by axis', { padding: [1, 2] }, [12, 16, 3], {}],
    ['Cropping2D', 'everywhere', { cropping: 2 }, [6, 8, 3], {}],
    ['Rescaling', 'by default', { scale: 0.5 }, [10, 12, 3], {}],
    ['Dropout', 'by default', { rate: 0.5, seed: 3 }, [10, 12, 3], {}],
    ['LeakyReLU', 'by default', {}, [10, 12, 3], {}],
  ]

  it.each(cases)('%s, %s', (className, _, config, shape, weights) => {
    const layer = only(className, config)
    expect(layer.shape).toEqual(shape)
    expect(Object.fromEntries(layer.weights.map((weight) => [weight.name, weight.shape]))).toEqual(weights)
    expect(layer.weights.map(({ name }) => name)).toEqual(Object.keys(weights))
  })

  it("are those Keras' summary lists for the exercise's network", () => {
    const network = exerciseNetwork()
    const counts = network.layers.map((layer) => [layer.name, parameterCount(layer as SupportedLayer)])
    expect(Object.fromEntries(counts)).toEqual({
      image: 0,
      batch_normalization: 12,
      conv2d: 896,
      conv2d_1: 9248,
      conv2d_2: 9248,
      max_pooling2d: 0,
      conv2d_3: 18_496,
      conv2d_4: 36_928,
      conv2d_5: 36_928,
      max_pooling2d_1: 0,
      conv2d_6: 73_856,
      conv2d_7: 147_584,
      conv2d_8: 147_584,
      flatten: 0,
      dropout: 0,
      dense: 13 * 13 * 128 * 3 + 3,
    })
    expect(network.inputShape).toEqual([96, 96, 3])
  })

  it('joins branches along the channels, and adds them', () => {
    for (const json of [keras2FunctionalJson, keras3FunctionalJson]) {
      const network = networkOf(
        json([
          inputSpec([8, 6, 3]),
          spec('Conv2D', 'a', { filters: 5, kernel_size: 1 }, ['image']),
          spec('Concatenate', 'joined', { axis: 3 }, ['a', 'image']),
          spec('Add', 'sum', {}, ['a', 'a']),
        ]),
      )
      expect(supported(network, 'joined').shape).toEqual([8, 6, 8])
      expect(supported(network, 'sum').shape).toEqual([8, 6, 5])
      expect(supported(network, 'joined').inputs).toEqual([
        layerIndex(network, 'a'),
        layerIndex(network, 'image'),
      ])
    }
  })

  it('reads a network without an InputLayer', () => {
    const network = networkOf(
      sequentialJson([spec('ReLU', 'relu', { batch_input_shape: [null, 4, 5, 1] })]),
      2,
    )
    expect(network).toMatchObject({ input: 0, inputShape: [4, 5, 1] })
    expect(supported(network, 'relu').shape).toEqual([4, 5, 1])
  })

  it('reads a network without an InputLayer whose first layer is called "input"', () => {
    const network = networkOf(
      sequentialJson([
        spec('Conv2D', 'input', { filters: 2, kernel_size: 3, batch_input_shape: [null, 8, 8, 3] }),
        spec('ReLU', 'relu'),
      ]),
      2,
    )
    expect(network.layers.map(({ className }) => className)).toEqual(['InputLayer', 'Conv2D', 'ReLU'])
    expect(supported(network, 'relu').shape).toEqual([6, 6, 2])
  })
})

describe('activations', () => {
  it.each([
    ['ReLU', {}, { fn: 'relu' }],
    ['ReLU', { max_value: 6, negative_slope: 0, threshold: 0 }, { fn: 'relu6' }],
    ['ReLU', { max_value: 4.5 }, { fn: 'general_relu', max: 4.5, slope: 0, threshold: 0 }],
    ['LeakyReLU', { negative_slope: 0.1 }, { fn: 'leaky_relu', slope: 0.1 }],
    ['LeakyReLU', { alpha: 0.2 }, { fn: 'leaky_relu', slope: 0.2 }],
    ['LeakyReLU', {}, { fn: 'leaky_relu', slope: 0.3 }],
    [
      'ReLU',
      { threshold: 1, negative_slope: 0.5 },
      { fn: 'general_relu', max: null, slope: 0.5, threshold: 1 },
    ],
    ['ELU', { alpha: 1 }, { fn: 'elu' }],
    ['ELU', { alpha: 0.5 }, { fn: 'elu_alpha', alpha: 0.5 }],
    ['Softmax', { axis: -1 }, { fn: 'softmax' }],
    ['Activation', { activation: 'swish' }, { fn: 'silu' }],
    ['Activation', { activation: 'gelu' }, { fn: 'gelu' }],
    ['Activation', { activation: { class_name: 'function', config: 'tanh' } }, { fn: 'tanh' }],
  ] as const)('%s %j', (className, config, activation) => {
    expect(only(className, config).op).toEqual({ kind: 'activation', activation })
  })

  it('hard_sigmoid is another function since Keras 3', () => {
    const config = { activation: 'hard_sigmoid' }
    expect(only('Activation', config, 2).op).toMatchObject({ activation: { fn: 'hard_sigmoid_2' } })
    expect(only('Activation', config, 3).op).toMatchObject({ activation: { fn: 'hard_sigmoid' } })
  })

  it('of a layer are linear where the file says null or nothing', () => {
    for (const config of [{}, { activation: null }])
      expect(only('Conv2D', { filters: 1, kernel_size: 1, ...config }).op).toMatchObject({
        activation: { fn: 'linear' },
      })
  })
})

describe('what is not supported is named', () => {
  it('an unknown class, and every layer behind it names the same one', () => {
    const network = chain(
      [10, 12, 3],
      [
        spec('Conv2D', 'before', { filters: 2, kernel_size: 3 }),
        spec('lab>Swirl', 'swirl'),
        spec('ReLU', 'next'),
        spec('Flatten', 'last'),
      ],
    )
    expect(supported(network, 'before').shape).toEqual([8, 10, 2])
    const sentence = 'layer "swirl" is of type lab>Swirl, which Urpatch does not support'
    expect(problemOf(network, 'swirl')).toBe(sentence)
    expect(problemOf(network, 'next')).toBe(`comes after ${sentence}`)
    expect(problemOf(network, 'last')).toBe(`comes after ${sentence}`)
  })

  it('does not block a branch that goes past it', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([8, 8, 3]),
        spec('Swirl', 'swirl', {}, ['image']),
        spec('ReLU', 'past', {}, ['image']),
        spec('Add', 'sum', {}, ['past', 'swirl']),
      ]),
    )
    expect(supported(network, 'past').shape).toEqual([8, 8, 3])
    expect(problemOf(network, 'sum')).toContain('comes after layer "swirl" is of type Swirl')
  })

  const conv = { filters: 2, kernel_size: 3 }
  it.each([
    ['Conv2D', { ...conv, padding: 'causal' }, 'padding = "causal"'],
    ['Conv2D', { ...conv, activation: 'sparsemax' }, 'activation = "sparsemax"'],
    [
      'Conv2D',
      { ...conv, dtype: { class_name: 'DTypePolicy', config: { name: 'int8_from_float32' } } },
      'dtype = "int8_from_float32"',
    ],
    ['Conv2D', { ...conv, wobble: [1, 2] }, 'wobble = [1,2]'],
    ['Conv2D', { kernel_size: 3 }, 'filters = nothing'],
    ['Conv2D', { filters: 2, kernel_size: [3, 3, 3] }, 'kernel_size = [3,3,3]'],
    ['Dense', { units: 2, quantization_config: { bits: 8 } }, 'quantization_config = {"bits":8}'],
    ['BatchNormalization', { axis: 1 }, 'axis = 1'],
    ['BatchNormalization', { renorm: true }, 'renorm = true'],
    ['BatchNormalization', { virtual_batch_size: 4 }, 'virtual_batch_size = 4'],
    ['Softmax', { axis: 1 }, 'axis = 1'],
    ['ZeroPadding2D', { padding: [1] }, 'padding = [1]'],
  ] as const)('%s with an option that is not computed: %j', (className, config, option) => {
    const network = chain([10, 12, 3], [spec(className, 'it', config)])
    expect(problemOf(network, 'it')).toBe(
      `layer "it" (${className}) uses ${option}, which Urpatch does not compute`,
    )
  })

  it('options that change nothing when predicting are no problem', () => {
    const harmless = {
      trainable: true,
      dtype: { class_name: 'DTypePolicy', config: { name: 'float32' } },
      kernel_initializer: { class_name: 'GlorotUniform' },
      bias_regularizer: { class_name: 'L2' },
      kernel_constraint: { class_name: 'MaxNorm' },
      activity_regularizer: { class_name: 'L1' },
      batch_input_shape: [null, 10, 12, 3],
      wobble: null,
    }
    expect(only('Conv2D', { ...conv, ...harmless, data_format: 'channels_last', groups: 1 }).shape).toEqual([
      8, 10, 2,
    ])
    expect(only('BatchNormalization', { momentum: 0.9, synchronized: false, renorm: false }).shape).toEqual([
      10, 12, 3,
    ])
  })

  it.each([
    [
      'a window larger than the map',
      'Conv2D',
      { filters: 1, kernel_size: 11 },
      'its window of 11 does not fit into 10',
    ],
    [
      'cropping of all rows',
      'Cropping2D',
      {
        cropping: [
          [4, 6],
          [0, 0],
        ],
      },
      'it cuts off more than the 10×12 there are',
    ],
    [
      'cropping of more columns than there are',
      'Cropping2D',
      {
        cropping: [
          [0, 0],
          [7, 6],
        ],
      },
      'it cuts off more than the 10×12 there are',
    ],
  ])('%s', (_, className, config, reason) => {
    expect(problemOf(chain([10, 12, 3], [spec(className, 'it', config)]), 'it')).toBe(
      `layer "it" (${className}) does not fit: ${reason}`,
    )
  })

  it('cropping that leaves a single unit fits', () => {
    expect(
      only('Cropping2D', {
        cropping: [
          [4, 5],
          [0, 11],
        ],
      }).shape,
    ).toEqual([1, 1, 3])
  })

  it('branches that do not fit together', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([8, 6, 3]),
        spec('MaxPooling2D', 'pooled', {}, ['image']),
        spec('Add', 'sum', {}, ['image', 'pooled']),
        spec('Concatenate', 'joined', {}, ['image', 'pooled']),
      ]),
    )
    expect(problemOf(network, 'sum')).toContain('it joins [8, 6, 3] and [4, 3, 3], which differ')
    expect(problemOf(network, 'joined')).toContain('it joins [8, 6, 3] and [4, 3, 3], which differ in size')
  })

  it('one that changes the result though it comes with the call', () => {
    const json = keras2FunctionalJson([inputSpec([8, 8, 3]), spec('ReLU', 'relu', {}, ['image'])])
    const { layers } = (json as { config: { layers: { inbound_nodes: unknown[] }[] } }).config
    layers[1]!.inbound_nodes = [[['image', 0, 0, { axis: 2 }]]]
    expect(problemOf(networkOf(json, 2), 'relu')).toContain('uses the argument axis = 2')
  })
})

describe('a layer that is called twice', () => {
  it('is computed twice with the weights of the first call', () => {
    const json = keras2FunctionalJson([
      inputSpec([8, 8, 3]),
      spec('Conv2D', 'conv', { filters: 3, kernel_size: 3 }, ['image']),
    ])
    const { layers } = (json as { config: { layers: { inbound_nodes: unknown[] }[] } }).config
    layers[1]!.inbound_nodes.push([['conv', 0, 0, {}]])
    const network = networkOf(json, 2)
    expect(supported(network, 'conv')).not.toHaveProperty('sharesWeightsOf')
    expect(supported(network, 'conv@2')).toMatchObject({
      shape: [4, 4, 3],
      sharesWeightsOf: layerIndex(network, 'conv'),
    })
  })
})

describe('the image input', () => {
  it('of open size gets a usual one, or the one that was chosen', () => {
    const json = sequentialJson([inputSpec([null, null, 3]), spec('ReLU', 'relu')])
    expect(networkOf(json)).toMatchObject({ inputShape: [224, 224, 3], openSize: true })
    expect(networkOf(json, 3, [64, 48])).toMatchObject({ inputShape: [64, 48, 3], openSize: true })
    expect(networkOf(sequentialJson([inputSpec([32, null, 3])]), 3, [64, 48]).inputShape).toEqual([32, 48, 3])
  })

  it('of a size that the file says keeps it', () => {
    const json = sequentialJson([inputSpec([32, 32, 3])])
    expect(networkOf(json, 3, [64, 48])).toMatchObject({ inputShape: [32, 32, 3], openSize: false })
  })

  it('with the channels first is read as rows, columns, channels', () => {
    const network = chain(
      [3, 10, 12],
      [spec('Conv2D', 'conv', { filters: 4, kernel_size: 3, data_format: 'channels_first' })],
    )
    expect(network.inputShape).toEqual([10, 12, 3])
    expect(supported(network, 'conv').shape).toEqual([8, 10, 4])
  })

  it('may be grey without an axis for the channel, where that makes no difference', () => {
    expect(chain([28, 28], [spec('Flatten', 'flat')]).inputShape).toEqual([28, 28, 1])
    expect(() => chain([28, 28], [spec('Dense', 'dense', { units: 2 })])).toThrow(
      'its input has shape [?,28,28], which is no image',
    )
  })

  describe('that is unrolled to a vector', () => {
    const pixels = inputSpec([5184], 'pixels')
    const reshape = (name: string, ...target: number[]) =>
      spec('Reshape', name, { target_shape: target }, ['pixels'])
    const conv = spec('Conv2D', 'conv', { filters: 2, kernel_size: 3 }, ['map'])

    it.each([
      [72, 72, 1],
      [-1, 72, 1],
    ])('is the map that whoever reads it makes of it first: [%i, %i, %i]', (...target) => {
      const network = networkOf(keras3FunctionalJson([pixels, reshape('map', ...target), conv]))
      expect(network.inputShape).toEqual([72, 72, 1])
      expect(network.openSize).toBe(false)
      expect(supported(network, 'conv').shape).toEqual([70, 70, 2])
      const field = receptiveField(network, layerIndex(network, 'conv'))
      expect(field).toMatchObject({ size: [3, 3], start: [0, 0], whole: false })
    })

    it.each([
      ['no map', [reshape('map', 64, 81)]],
      ['a series of one column', [reshape('map', 5184, 1, 1)]],
      ['two maps', [reshape('map', 72, 72, 1), reshape('wide', 36, 144, 1)]],
      ['a map of other size', [reshape('map', 71, 72, 1)]],
      ['a product', [spec('Dense', 'map', { units: 4 }, ['pixels'])]],
    ])('is refused where %s is made of it', (_, readers) => {
      expect(() => networkOf(keras3FunctionalJson([pixels, ...readers]))).toThrow(
        'its input has shape [?,5184], which is no image',
      )
    })
  })

  it.each([
    ['batchInputShape', { batchInputShape: [null, 28, 28, 1], inputDtype: 'float32' }],
    ['inputShape', { inputShape: [28, 28, 1] }],
    ['inputShape beside batchSize', { inputShape: [28, 28, 1], batchSize: 4 }],
  ])('may be declared in the words of TensorFlow.js, by %s', (_, config) => {
    const camel = {
      className: 'Sequential',
      config: {
        name: 'by hand',
        layers: [
          { className: 'InputLayer', config: { name: 'image', ...config } },
          { className: 'Conv2D', config: { name: 'conv', filters: 2, kernelSize: [3, 3], useBias: false } },
        ],
      },
    }
    const network = networkOf(withKerasKeys(camel) as Json)
    expect(network.inputShape).toEqual([28, 28, 1])
    expect(supported(network, 'conv')).toMatchObject({ shape: [26, 26, 2], weights: [{ name: 'kernel' }] })
  })

  it('is the one among several that looks like an image; what needs the others cannot be scanned', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([5], 'age'),
        inputSpec([8, 8, 3], 'photo'),
        spec('Conv2D', 'conv', { filters: 2, kernel_size: 3 }, ['photo']),
        spec('Dense', 'years', { units: 2 }, ['age']),
      ]),
    )
    expect(network.layers[network.input]!.name).toBe('photo')
    expect(supported(network, 'conv').shape).toEqual([6, 6, 2])
    expect(problemOf(network, 'years')).toBe(
      'comes after input "age" is not the image, and Urpatch feeds images only',
    )
  })
})

describe('an input that is not one image', () => {
  it.each([
    ['of open channels', [8, 8, null], 'its input has shape [?,8,8,?], which leaves the channels open'],
    ['that is a vector', [10], 'its input has shape [?,10], which is no image'],
  ])('%s is refused', (_, shape, reason) => {
    expect(() => chain(shape, [spec('ReLU', 'relu')])).toThrow(reason)
  })

  it('is refused where there are two, by name', () => {
    const json = keras3FunctionalJson([
      inputSpec([8, 8, 3], 'left eye'),
      inputSpec([8, 8, 3], 'right eye'),
      spec('Add', 'sum', {}, ['left eye', 'right eye']),
    ])
    expect(() => networkOf(json)).toThrow('it has 2 inputs (left eye, right eye)')
  })

  it('is refused where there is none', () => {
    expect(() => networkOf(sequentialJson([]))).toThrow('it has 0 inputs')
  })

  it('is refused where the file does not say its shape', () => {
    expect(() => networkOf(sequentialJson([spec('ReLU', 'relu')]))).toThrow(
      'the file does not tell the shape of its input "relu_input": save the model again',
    )
  })
})

describe('functions of TensorFlow in a Keras 2 network', () => {
  const call = (fn: string, keywords: Json, constant?: number) => ({
    class_name: 'TFOpLambda',
    name: 'it',
    config: { name: 'it', function: fn },
    inbound_nodes: [
      [
        ['image', 0, 0, keywords],
        ...(constant === undefined ? [] : [['_CONSTANT_VALUE', -1, constant, keywords]]),
      ],
    ],
  })
  const network = (layer: Json) => {
    const json = keras2FunctionalJson([inputSpec([10, 12, 12])]) as { config: { layers: Json[] } }
    json.config.layers.push(layer)
    return networkOf({ ...json, config: { ...json.config, output_layers: [['it', 0, 0]] } }, 2)
  }

  it.each([
    ['a block by its name', { block_size: 2 }, undefined],
    ['a block by its place', {}, 2],
  ])('spread channels over rows and columns, with %s', (_, keywords, constant) => {
    expect(supported(network(call('nn.depth_to_space', keywords, constant)), 'it')).toMatchObject({
      op: { kind: 'depthToSpace', block: 2 },
      shape: [20, 24, 3],
    })
  })

  it('refuse channels that do not fill the squares, and channels before rows', () => {
    const refused = (keywords: Json) => problemOf(network(call('nn.depth_to_space', keywords)), 'it')
    expect(refused({ block_size: 5 })).toContain('it spreads 12 channels over squares of 5×5')
    expect(refused({ block_size: 2, data_format: 'NCHW' })).toContain('data_format = "NCHW"')
  })

  it('take magnitudes', () => {
    expect(supported(network(call('math.abs', {})), 'it').op).toEqual({
      kind: 'activation',
      activation: { fn: 'abs' },
    })
  })
})

describe('which layers can be scanned', () => {
  const network = chain(
    [10, 12, 3],
    [
      spec('Conv2D', 'conv', { filters: 2, kernel_size: 3 }),
      spec('Dropout', 'dropout', { rate: 0.1 }),
      spec('ReLU', 'relu'),
      spec('Flatten', 'flatten'),
      spec('Dense', 'dense', { units: 2 }),
      spec('Swirl', 'swirl'),
    ],
  )

  it('all but the image, what repeats its input, and what is not supported', () => {
    expect(scannableLayers(network).map(({ name }) => name)).toEqual(['conv', 'relu', 'dense'])
    const reasons = Object.fromEntries(network.layers.map((layer) => [layer.name, whyNotScannable(layer)]))
    expect(reasons).toEqual({
      image: 'the image itself',
      conv: null,
      dropout: 'it does nothing outside training',
      relu: null,
      flatten: 'the layer before it as one vector',
      dense: null,
      swirl: 'layer "swirl" is of type Swirl, which Urpatch does not support',
    })
  })

  it("the first to look at is a convolution in the middle: the notebook's conv2d_5", () => {
    expect(firstLayerToShow(exerciseNetwork())?.name).toBe('conv2d_5')
    expect(firstLayerToShow(network)?.name).toBe('conv')
    expect(
      firstLayerToShow(chain([4, 4, 3], [spec('Flatten', 'f'), spec('Dense', 'd', { units: 2 })]))?.name,
    ).toBe('d')
    expect(firstLayerToShow(chain([4, 4, 3], [spec('Swirl', 's')]))).toBeUndefined()
  })
})
