/** Shapes and weights of layers as they are, without a format that writes them. */
import { describe, expect, it } from 'vitest'
import { kindOf } from '../../../../src/core/model/kinds/index.ts'
import type { Operation, Shape } from '../../../../src/core/model/network.ts'

const linear = { activation: { fn: 'linear' } } as const
const window = { kernel: [3, 3], strides: [1, 1], dilation: [1, 1], padding: 'valid' } as const
const map: Shape = [6, 8, 4]

it.each<readonly [string, Operation, readonly Shape[], Shape, Readonly<Record<string, Shape>>]>([
  [
    'a convolution in groups',
    { kind: 'conv', filters: 6, groups: 2, bias: true, ...linear, ...window },
    [map],
    [4, 6, 6],
    { kernel: [3, 3, 2, 6], bias: [6] },
  ],
  [
    'a depthwise convolution',
    { kind: 'depthwiseConv', multiplier: 2, bias: false, ...linear, ...window, padding: 'same' },
    [map],
    [6, 8, 8],
    { kernel: [3, 3, 4, 2] },
  ],
  [
    'a separable convolution',
    { kind: 'separableConv', multiplier: 2, filters: 5, bias: true, ...linear, ...window, strides: [2, 2] },
    [map],
    [2, 3, 5],
    { depthwise_kernel: [3, 3, 4, 2], pointwise_kernel: [1, 1, 8, 5], bias: [5] },
  ],
  [
    'a transposed convolution',
    {
      kind: 'transposedConv',
      filters: 5,
      outputPadding: null,
      bias: true,
      ...linear,
      ...window,
      strides: [2, 2],
    },
    [map],
    [13, 17, 5],
    { kernel: [3, 3, 5, 4], bias: [5] },
  ],
  [
    'a pool',
    { kind: 'pool', reduce: 'max', kernel: [2, 2], strides: [2, 2], padding: 'valid' },
    [map],
    [3, 4, 4],
    {},
  ],
  [
    'a pool with margins and places apart',
    {
      kind: 'pool',
      reduce: 'average',
      kernel: [2, 2],
      strides: [2, 1],
      dilation: [2, 3],
      padding: { rows: [1, 0], columns: [0, 2] },
    },
    [map],
    [3, 7, 4],
    {},
  ],
  [
    'a transposed convolution from which margins are cut off',
    {
      kind: 'transposedConv',
      filters: 5,
      bias: false,
      ...linear,
      ...window,
      strides: [2, 2],
      padding: { rows: [1, 1], columns: [0, 1] },
      outputPadding: [1, 0],
    },
    [map],
    [12, 16, 5],
    { kernel: [3, 3, 5, 4] },
  ],
  ['maps side by side', { kind: 'concat', axis: 2 }, [map, [6, 3, 4]], [6, 11, 4], {}],
  ['channels in any order', { kind: 'takeChannels', channels: [3, 0, 3] }, [map], [6, 8, 3], {}],
  ['every second column', { kind: 'slice', axis: 1, start: 7, step: -2, count: 4 }, [map], [6, 4, 4], {}],
  ['a mean along rows and channels', { kind: 'reduce', fn: 'mean', axes: [0, 2] }, [map], [1, 8, 1], {}],
  [
    'numbers in another order',
    { kind: 'rearrange', split: [6, 8, 2, 2], order: [3, 0, 1, 2], target: [12, 16] },
    [map],
    [12, 16],
    {},
  ],
  ['a global pool', { kind: 'globalPool', reduce: 'max', keepDims: false }, [map], [4], {}],
  [
    'a global pool that keeps its axes',
    { kind: 'globalPool', reduce: 'max', keepDims: true },
    [map],
    [1, 1, 4],
    {},
  ],
  [
    'a dense layer on tokens',
    { kind: 'dense', units: 5, bias: false, ...linear },
    [[9, 4]],
    [9, 5],
    { kernel: [4, 5] },
  ],
  [
    'slopes shared by rows and columns',
    { kind: 'prelu', sharedAxes: [1, 2] },
    [map],
    map,
    { alpha: [1, 1, 4] },
  ],
  [
    'a stored mean and variance',
    { kind: 'normalization', constants: null, invert: false },
    [map],
    map,
    { mean: [4], variance: [4], count: [] },
  ],
  [
    'a normalization over rows and channels',
    { kind: 'layerNorm', axes: [0, 2], epsilon: 1, scale: true, center: true, rms: false },
    [map],
    map,
    { gamma: [6, 4], beta: [6, 4] },
  ],
  [
    'channels beside those of the map',
    { kind: 'padChannels', before: 1, after: 2, value: 0 },
    [map],
    [6, 8, 7],
    {},
  ],
  ['some of the channels', { kind: 'sliceChannels', start: 1, size: 2 }, [map], [6, 8, 2], {}],
  ['channels in squares', { kind: 'depthToSpace', block: 2 }, [map], [12, 16, 1], {}],
  ['whole numbers', { kind: 'wholeNumbers' }, [map], map, {}],
  ['a shape with one length left open', { kind: 'reshape', target: [-1, 8] }, [map], [24, 8], {}],
  ['a map and one value a channel', { kind: 'merge', fn: 'add' }, [[4], map], map, {}],
  [
    'tokens behind each other',
    { kind: 'concat', axis: 1 },
    [
      [9, 4],
      [1, 4],
    ],
    [10, 4],
    {},
  ],
  [
    'tokens beside each other',
    { kind: 'concat', axis: -1 },
    [
      [9, 4],
      [9, 2],
    ],
    [9, 6],
    {},
  ],
  [
    'a constant for each channel',
    { kind: 'withConstant', fn: 'add', constant: { shape: [4] }, constantFirst: false },
    [map],
    map,
    { constant: [4] },
  ],
])('%s', (_, op, inputs, shape, weights) => {
  const kind = kindOf(op)
  expect(kind.kind).toBe(op.kind)
  expect(kind.shape(op, inputs)).toEqual(shape)
  const specs = kind.weights(op, inputs[0]!)
  expect(specs.map((spec) => [spec.name, spec.shape])).toEqual(Object.entries(weights))
})

describe('does not fit', () => {
  it.each<readonly [string, Operation, readonly Shape[], string]>([
    [
      'a convolution of a vector',
      { kind: 'conv', filters: 4, groups: 1, bias: true, ...linear, ...window },
      [[4]],
      'it needs a map of rows, columns and channels, not [4]',
    ],
    [
      'a window that is larger than the map',
      { kind: 'pool', reduce: 'max', kernel: [7, 2], strides: [2, 2], padding: 'valid' },
      [map],
      'its window of 7 does not fit into 6',
    ],
    [
      'channels that are not there',
      { kind: 'sliceChannels', start: 3, size: 2 },
      [map],
      'it takes channels 3 to 5 of 4',
    ],
    [
      'maps of other sizes behind each other',
      { kind: 'concat', axis: -1 },
      [map, [6, 7, 4]],
      'it joins [6, 8, 4] and [6, 7, 4], which differ in size',
    ],
    [
      'vectors behind each other along the batch',
      { kind: 'concat', axis: 2 },
      [[4], [4]],
      'it works along axis 2',
    ],
    ['an axis that is not there', { kind: 'concat', axis: 5 }, [map, map], 'it has no axis 5'],
    [
      'a channel that is not there',
      { kind: 'takeChannels', channels: [0, 4] },
      [map],
      'it takes channel 4 of 4',
    ],
    [
      'rows that are not there',
      { kind: 'slice', axis: 0, start: 2, step: 2, count: 3 },
      [map],
      'it takes places 2 to 6 of 6',
    ],
    [
      'parts that do not make up the map',
      { kind: 'rearrange', split: [6, 8, 5], order: [0, 1, 2], target: [6, 8, 4] },
      [map],
      '[6, 8, 4] does not fall into [6, 8, 5]',
    ],
    ['a difference of three', { kind: 'merge', fn: 'subtract' }, [map, map, map], 'it has 3 inputs, not 2'],
    [
      'a constant that widens the map',
      { kind: 'withConstant', fn: 'add', constant: { shape: [2, 1, 1, 4] }, constantFirst: false },
      [map],
      'its constant widens [6, 8, 4]',
    ],
    [
      'an axis beyond the channels',
      { kind: 'layerNorm', axes: [3], epsilon: 1, scale: true, center: true, rms: false },
      [map],
      'it has no axis 3',
    ],
  ])('%s', (_, op, inputs, problem) => {
    expect(() => kindOf(op).shape(op, inputs)).toThrow(problem)
  })
})
