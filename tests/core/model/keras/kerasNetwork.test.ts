import { describe, expect, it } from 'vitest'
import { parameterCount, type SupportedLayer } from '../../../../src/core/model/network.ts'
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

/** A network of one layer, for images of 10 rows, 12 columns and 3 channels. */
function only(className: string, config: Json = {}, kerasMajor = 3): SupportedLayer {
  return supported(chain([10, 12, 3], [spec(className, 'it', config)], kerasMajor), 'it')
}

describe('parameters and shapes', () => {
  it("are those that Keras' summary lists for the exercise's network", () => {
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

  it('gives each of its readers the call that it names', () => {
    const json = keras2FunctionalJson([
      inputSpec([8, 8, 3]),
      spec('MaxPooling2D', 'half', {}, ['image']),
      spec('Conv2D', 'conv', { filters: 3, kernel_size: 3 }, ['image']),
    ])
    const { layers } = (json as { config: { layers: Json[] } }).config
    ;(layers[2] as { inbound_nodes: unknown[] }).inbound_nodes.push([['half', 0, 0, {}]])
    for (const [name, call] of [
      ['large', 0],
      ['small', 1],
    ] as const)
      layers.push({ class_name: 'ReLU', name, config: { name }, inbound_nodes: [[['conv', call, 0, {}]]] })
    const network = networkOf(json, 2)
    expect(supported(network, 'large')).toMatchObject({
      inputs: [layerIndex(network, 'conv')],
      shape: [6, 6, 3],
    })
    expect(supported(network, 'small')).toMatchObject({
      inputs: [layerIndex(network, 'conv@2')],
      shape: [2, 2, 3],
    })
  })
})
