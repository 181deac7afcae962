import { describe, expect, it } from 'vitest'
import { withKerasKeys } from '../../../../src/core/model/keras/kerasKeys.ts'
import { receptiveField } from '../../../../src/core/model/receptiveField.ts'
import {
  chain,
  inputSpec,
  type Json,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  problemOf,
  sequentialJson,
  spec,
  supported,
} from '../../../fixtures/kerasModels.ts'

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
    ['of less than a row', [-0.5, 10, 3], 'its input has shape [-0.5, 10, 3], which is no image'],
    ['of no column', [28, 0, 3], 'its input has shape [28, 0, 3], which is no image'],
    ['of half a channel', [null, null, 0.5], 'its input has shape [?, ?, 0.5], which is no image'],
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
