import { describe, expect, it } from 'vitest'
import type { SupportedLayer } from '../../../../../src/core/model/network.ts'
import { readerOf, readerTables } from '../../../../../src/core/model/keras/layers/index.ts'
import { chain, type Json, spec, supported } from '../../../../fixtures/kerasModels.ts'

/** A network of one layer, for images of 10 rows, 12 columns and 3 channels. */
function only(className: string, config: Json = {}, kerasMajor = 3): SupportedLayer {
  return supported(chain([10, 12, 3], [spec(className, 'it', config)], kerasMajor), 'it')
}

it('a class is read in one place only', () => {
  const names = readerTables.flatMap((table) => Object.keys(table))
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

it('a class is found by the name that Keras writes', () => {
  for (const table of readerTables)
    for (const [name, reader] of Object.entries(table)) expect(readerOf(name)).toBe(reader)
  expect(readerOf('Convolution')).toBeUndefined()
})

describe('shapes and weights of what a class is read as', () => {
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
})
