/**
 * Receptive fields published by others, for the networks that Keras has in the same form. Size and stride are
 * always those of TF-Slim; so is the padding, except where Keras pads otherwise:
 *
 * - MobileNet pads `((0, 1), (0, 1))` before its strided convolutions at any size. TF-Slim's `same` does that
 *   only for even sizes, so padding is compared at 224.
 * - ResNet v2 pads its first pooling by 1; TF-Slim's `same` does that only for odd sizes, so it is compared at 321.
 *
 * Not compared: ResNet v1 (Keras strides in the first 1×1 convolution of a block, TF-Slim in the 3×3 of the last
 * unit, so fields differ by design), ResNet 200, Inception v2 and v4, the `same` variant of Inception-ResNet v2, AlexNet
 * and VGG A, which Keras does not have.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { receptiveField } from '../../../src/core/model/receptiveField.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'
import { kitTable } from '../../kit.ts'

const graphs = JSON.parse(
  gunzipSync(
    readFileSync(path.resolve(import.meta.dirname, '../../fixtures/application-graphs.json.gz')),
  ).toString(),
) as Record<string, unknown>

const mixed = ['5b', '5c', '5d', '6a', '6b', '6c', '6d', '6e', '7a', '7b', '7c']
const inceptionStem: Readonly<Record<string, string>> = {
  Conv2d_1a_3x3: 'conv2d',
  Conv2d_2a_3x3: 'conv2d_1',
  Conv2d_2b_3x3: 'conv2d_2',
  MaxPool_3a_3x3: 'max_pooling2d',
  Conv2d_3b_1x1: 'conv2d_3',
  Conv2d_4a_3x3: 'conv2d_4',
  MaxPool_5a_3x3: 'max_pooling2d_1',
}

interface Counterpart {
  readonly keras: string
  /** Maps TF-Slim's names of end points to Keras' names of layers. */
  readonly layer: (endpoint: string) => string
  /** The input sizes at which also the padding is the same. */
  readonly samePadding: readonly number[]
  readonly last: string
}

const mobileNet: Counterpart = {
  keras: 'MobileNet',
  layer: (e) => (e === 'Conv2d_0' ? 'conv1' : e.replace(/Conv2d_(\d+)_pointwise/, 'conv_pw_$1')),
  samePadding: [224],
  last: 'conv_pw_13',
}
const resNetV2 = (keras: string): Counterpart => ({
  keras,
  layer: (e) => `conv${Number(e.at(-1)) + 1}_block${blocks[keras]![Number(e.at(-1)) - 1]}_out`,
  samePadding: [321],
  last: 'conv5_block3_out',
})
const blocks: Readonly<Record<string, readonly number[]>> = {
  ResNet50V2: [3, 4, 6, 3],
  ResNet101V2: [3, 4, 23, 3],
  ResNet152V2: [3, 8, 36, 3],
}

const counterparts: Readonly<Record<string, Counterpart>> = {
  vgg_16: {
    keras: 'VGG16',
    layer: (e) => e.replace(/.*\/pool(\d)/, 'block$1_pool').replace(/.*\/conv(\d)_(\d)/, 'block$1_conv$2'),
    samePadding: [224, 321],
    last: 'block5_pool',
  },
  mobilenet_v1: mobileNet,
  mobilenet_v1_075: mobileNet,
  resnet_v2_50: resNetV2('ResNet50V2'),
  resnet_v2_101: resNetV2('ResNet101V2'),
  resnet_v2_152: resNetV2('ResNet152V2'),
  inception_v3: {
    keras: 'InceptionV3',
    layer: (e) => inceptionStem[e] ?? `mixed${mixed.indexOf(e.replace('Mixed_', ''))}`,
    samePadding: [224, 321],
    last: 'mixed10',
  },
  inception_resnet_v2: {
    keras: 'InceptionResNetV2',
    layer: (e) =>
      inceptionStem[e] ??
      (e === 'PreAuxLogits'
        ? 'block17_20_ac'
        : e.replace('Mixed_', 'mixed_').replace('Conv2d_7b_1x1', 'conv_7b')),
    samePadding: [224, 321],
    last: 'conv_7b',
  },
}

const rows = kitTable('truth/receptive_fields_published.tsv').filter(({ network }) =>
  Object.hasOwn(counterparts, network!),
)

describe.skipIf(rows.length === 0)('published for TF-Slim', () => {
  it.each(Object.keys(counterparts))('%s', (name) => {
    const { keras, layer, samePadding, last } = counterparts[name]!
    let compared = 0
    for (const row of rows.filter(({ network }) => network === name)) {
      const size = Number(row['input_resolution']) || 224
      const network = networkOf(graphs[keras], 3, [size, size])
      const at = row['layer_or_endpoint']!.startsWith('(') ? last : layer(row['layer_or_endpoint']!)
      const field = receptiveField(network, layerIndex(network, at))
      const found = `${row['layer_or_endpoint']} at ${size}`
      expect(field.size, found).toEqual([Number(row['rf_size']), Number(row['rf_size'])])
      expect(field.stride, found).toEqual([Number(row['effective_stride']), Number(row['effective_stride'])])
      if (row['input_resolution'] && samePadding.includes(Number(row['input_resolution'])))
        expect(field.start, found).toEqual([
          0 - Number(row['effective_padding']),
          0 - Number(row['effective_padding']),
        ])
      compared++
    }
    expect(compared).toBeGreaterThan(10)
  })
})

const c = (kernel: number, padding = 'valid', strides = 1) =>
  ['Conv2D', { filters: 2, kernel_size: kernel, padding, strides }] as const
const pool = (n: number) => ['AveragePooling2D', { pool_size: n }] as const

/** fornaxai/receptivefield, README and notebooks: size, stride, and the padding that follows from unit 0's centre. */
const fornaxai = [
  ['c7 c5 ap2 c5 valid', 64, [c(7), c(5), pool(2), c(5)], 20, 2, 0, 23],
  ['c3 c3 ap2 c3 c3 valid', 96, [c(3), c(3), pool(2), c(3), c(3)], 14, 2, 0, 42],
  ['two such blocks', 96, [c(3), c(3), pool(2), c(3), c(3), pool(2), c(3), c(3)], 32, 4, 0, 17],
  [
    'c5 c3 ap2 c3 c3 ap2 c3 c3 valid',
    96,
    [c(5), c(3), pool(2), c(3), c(3), pool(2), c(3), c(3)],
    34,
    4,
    0,
    16,
  ],
  [
    'c5 c3 ap2 c3 c3 same',
    96,
    [c(5, 'same'), c(3, 'same'), pool(2), c(3, 'same'), c(3, 'same')],
    16,
    2,
    7,
    48,
  ],
] as const

it.each(fornaxai)('published by fornaxai: %s', (_, extent, layers, size, stride, padding, map) => {
  const network = chain(
    [extent, extent, 3],
    layers.map(([className, config], i) => spec(className, `layer${i}`, config)),
  )
  const last = network.layers.length - 1
  expect(receptiveField(network, last)).toMatchObject({
    size: [size, size],
    stride: [stride, stride],
    start: [0 - padding, 0 - padding],
  })
  expect(network.layers[last]).toMatchObject({ shape: [map, map, 2] })
})

const conv = (name: string, from: string, kernel: number | number[], strides = 1, padding = 'valid') =>
  spec('Conv2D', name, { filters: 1, kernel_size: kernel, strides, padding }, [from])
const zeros = (name: string, from: string) =>
  spec(
    'ZeroPadding2D',
    name,
    {
      padding: [
        [1, 0],
        [1, 0],
      ],
    },
    [from],
  )
const relu = (name: string, from: string) => spec('ReLU', name, {}, [from])
const sum = (name: string, ...from: string[]) => spec('Add', name, {}, from)

const first = [
  conv('a', 'image', 1, 4),
  zeros('p', 'image'),
  conv('b', 'p', 3, 2),
  conv('b2', 'b', 1, 2),
  sum('out', 'a', 'b2'),
]

/**
 * The networks of google-research/receptive_field's unit tests. That library gives up if branches are misaligned; the
 * hull here is exact.
 */
const googleResearch = [
  ['network 1', 18, first, [3, 3], 4, 1],
  [
    'network 4 at 9',
    9,
    [
      conv('a', 'image', 1, 4),
      conv('b', 'image', 3, 2, 'same'),
      conv('b2', 'b', 1, 2),
      sum('out', 'a', 'b2'),
    ],
    [3, 3],
    4,
    1,
  ],
  ['network 5', 32, [conv('a', 'image', [3, 5], 2), conv('out', 'a', [3, 1], 2)], [7, 5], 4, 0],
  [
    'network 8',
    30,
    [
      ...first.slice(0, -1),
      sum('s', 'a', 'b2'),
      relu('r', 's'),
      conv('c', 'r', 1, 2),
      zeros('q', 'r'),
      conv('d', 'q', 3, 2),
      sum('out', 'c', 'd'),
    ],
    [11, 11],
    8,
    5,
  ],
] as const

it.each(googleResearch)('published by google-research: %s', (_, extent, layers, size, stride, padding) => {
  const network = networkOf(keras3FunctionalJson([inputSpec([extent, extent, 1]), ...layers]))
  expect(receptiveField(network, layerIndex(network, 'out'))).toMatchObject({
    size,
    stride: [stride, stride],
    start: [0 - padding, 0 - padding],
  })
})
