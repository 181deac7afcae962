/** The layers, shapes and names that the nodes of a file become, and the sentences for those that are refused. */
import { describe, expect, it } from 'vitest'
import type { Layer } from '../../../../src/core/model/network.ts'
import { whyNotScannable } from '../../../../src/core/model/scannable.ts'
import { onnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import { readOnnx as read, stem, w } from '../../../fixtures/onnxNetworks.ts'
import {
  type Attribute,
  floats,
  int,
  ints,
  type Model,
  node,
  type Node,
  type Numbers,
  onnxModel,
  weights,
} from '../../../fixtures/onnxWriter.ts'

function layersOf(
  nodes: readonly Node[],
  constants: Readonly<Record<string, Numbers>> = {},
  more: Partial<Model> = {},
): readonly Layer[] {
  return read({ nodes, constants, ...more }).network.layers
}

function lastOf(
  nodes: readonly Node[],
  constants: Readonly<Record<string, Numbers>> = {},
  more: Partial<Model> = {},
): Layer {
  return layersOf(nodes, constants, more).at(-1)!
}

describe('convolutions', () => {
  it('take channels last inside, with weights turned to that order', () => {
    const { network, constants, tensors } = read({
      nodes: [
        node('Conv', ['image', 'w', 'b'], 'y', { strides: { ints: [2, 1] }, pads: { ints: [1, 0, 0, 2] } }),
      ],
      constants: { w: weights(4, 3, 3, 2), b: weights(4) },
    })
    expect(network.layers).toMatchObject([
      { name: 'image', op: { kind: 'input' }, shape: [9, 8, 3] },
      {
        name: 'y',
        className: 'Conv',
        op: {
          kind: 'conv',
          kernel: [3, 2],
          strides: [2, 1],
          padding: { rows: [1, 0], columns: [0, 2] },
          groups: 1,
          bias: true,
        },
        shape: [4, 9, 4],
        weights: [{ shape: [3, 2, 3, 4] }, { shape: [4] }],
      },
    ])
    expect(tensors).toEqual(['image', 'y'])
    const [kernel] = constants[1]!
    // Filter 1, input 2, row 0, column 1.
    expect(kernel!.floats()![(1 * 3 + 2) * 4 + 1]).toBeCloseTo(
      weights(4, 3, 3, 2).values[((1 * 3 + 2) * 3 + 0) * 2 + 1]!,
    )
  })

  it('say plain words for margins that have some', () => {
    expect(lastOf([stem], { w })).toMatchObject({ op: { padding: 'same' }, shape: [9, 8, 4] })
    const lower = node('Conv', ['image', 'v'], 'y', { auto_pad: { text: 'SAME_LOWER' } })
    expect(lastOf([lower], { v: weights(4, 3, 2, 2) })).toMatchObject({
      op: { padding: { rows: [1, 0], columns: [1, 0] } },
      shape: [9, 8, 4],
    })
  })

  it('in groups know them by the weights', () => {
    const grouped = node('Conv', ['stem', 'v'], 'y', { group: { int: 2 } })
    expect(lastOf([stem, grouped], { w, v: weights(6, 2, 1, 1) })).toMatchObject({
      op: { kind: 'conv', groups: 2, filters: 6 },
    })
    const wrong = node('Conv', ['stem', 'v'], 'y')
    expect(lastOf([stem, wrong], { w, v: weights(6, 2, 1, 1) })).toMatchObject({
      op: null,
      problem: 'node "y" (Conv): its kernel is for 2 channels, and 4 come in',
    })
  })

  it('transposed: the file asks for a shape, and margins follow', () => {
    const up = node('ConvTranspose', ['stem', 'v'], 'y', {
      strides: { ints: [2, 2] },
      output_shape: { ints: [17, 16] },
    })
    expect(lastOf([stem, up], { w, v: weights(4, 5, 3, 3) })).toMatchObject({
      op: { kind: 'transposedConv', padding: { rows: [1, 1], columns: [1, 0] } },
      shape: [17, 16, 5],
      weights: [{ shape: [3, 3, 5, 4] }],
    })
  })
})

describe('a window along channels', () => {
  const gate = [
    node('GlobalAveragePool', ['stem'], 'pool'),
    node('Squeeze', ['pool', 'last'], 'vector'),
    node('Transpose', ['vector'], 'line', { perm: { ints: [0, 2, 1] } }),
  ]
  const conv = (attributes: Readonly<Record<string, Attribute>>): Node =>
    node('Conv', ['line', 'v', 'b'], 'y', attributes)
  const constants = { w, last: ints(3), v: floats([1, 1, 3], 1, 2, 3), b: floats([1], 0.5) }

  it('of Conv1d makes each channel out of its neighbours', () => {
    const { network, constants: arrays } = read({
      nodes: [stem, ...gate, conv({ pads: { ints: [1, 1] }, kernel_shape: { ints: [3] } })],
      constants,
    })
    expect(network.layers.at(-1)).toMatchObject({
      op: { kind: 'conv', filters: 4, kernel: [1, 1], bias: true },
      shape: [1, 1, 4],
    })
    const [kernel, bias] = arrays.at(-1)!.map((array) => [...array.floats()!])
    // Rows are channels that come in.
    expect(kernel).toEqual(
      [
        [2, 1, 0, 0],
        [3, 2, 1, 0],
        [0, 3, 2, 1],
        [0, 0, 3, 2],
      ].flat(),
    )
    expect(bias).toEqual([0.5, 0.5, 0.5, 0.5])
  })

  it('keeps to strides and dilations', () => {
    const { constants: arrays } = read({
      nodes: [
        stem,
        ...gate,
        conv({ pads: { ints: [0, 2] }, strides: { ints: [1] }, dilations: { ints: [2] } }),
      ],
      constants,
    })
    expect([...arrays.at(-1)![0]!.floats()!]).toEqual(
      [
        [1, 0],
        [0, 1],
        [2, 0],
        [0, 2],
      ].flat(),
    )
  })

  it('is a row of a map if there are several filters', () => {
    const nodes = [stem, ...gate, node('Conv', ['line', 'v'], 'y', { strides: { ints: [2] } })]
    expect(lastOf(nodes, { ...constants, v: weights(5, 1, 2) })).toMatchObject({
      op: { kind: 'conv', filters: 5, kernel: [1, 2], strides: [1, 2] },
      shape: [1, 2, 5],
    })
  })

  it('of AveragePool is a mean of channels that may be padded', () => {
    const nodes = [
      stem,
      node('Unsqueeze', ['stem', 'one'], 'stack'),
      node('Pad', ['stack', 'pads'], 'padded'),
      node('AveragePool', ['padded'], 'mean', { kernel_shape: { ints: [2, 1, 1] } }),
      node('Squeeze', ['mean', 'one'], 'y'),
      node('Add', ['y', 'stem'], 'z'),
    ]
    const pads = ints(0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
    const { network, constants: arrays } = read({ nodes, constants: { w, one: ints(1), pads } })
    expect(network.layers.slice(2)).toMatchObject([
      { op: { kind: 'padChannels', before: 1, after: 0 }, shape: [9, 8, 5] },
      { op: { kind: 'conv', kernel: [1, 1] }, shape: [9, 8, 4] },
      { op: { kind: 'merge' }, inputs: [3, 1], shape: [9, 8, 4] },
    ])
    expect([...arrays[3]![0]!.floats()!].slice(0, 8)).toEqual([0.5, 0, 0, 0, 0.5, 0.5, 0, 0])
  })

  it.each([
    ['kernel_shape', { kernel_shape: { ints: [2, 2, 1] } }, [2, 2, 1]],
    ['strides', { kernel_shape: { ints: [2, 1, 1] }, strides: { ints: [2, 1, 1] } }, [2, 1, 1]],
  ])('is refused for other %s', (option, attributes, value) => {
    const nodes = [
      stem,
      node('Unsqueeze', ['stem', 'one'], 'stack'),
      node('AveragePool', ['stack'], 'y', attributes),
    ]
    expect(lastOf(nodes, { w, one: ints(1) })).toMatchObject({
      problem: `layer "y" (AveragePool) uses ${option} = ${JSON.stringify(value)}, which Urpatch does not compute`,
    })
  })
})

describe('pooling', () => {
  it.each([
    ['floor', {}, [4, 3, 3]],
    ['ceil', { ceil_mode: { int: 1 } }, [4, 4, 3]],
    [
      'a window that would begin behind the map is left out',
      { ceil_mode: { int: 1 }, kernel_shape: { ints: [1, 1] } },
      [5, 4, 3],
    ],
  ] as const)('%s', (_, more, shape) => {
    const attributes = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, ...more }
    expect(lastOf([node('MaxPool', ['image'], 'y', attributes)])).toMatchObject({ shape })
  })

  it('counts zeros in a mean only if the file says so', () => {
    const pool = (count: number): Layer =>
      lastOf([
        node('AveragePool', ['image'], 'y', {
          kernel_shape: { ints: [3, 3] },
          pads: { ints: [1, 1, 1, 1] },
          count_include_pad: { int: count },
        }),
      ])
    const margins = { rows: [1, 1], columns: [1, 1] }
    expect(pool(0).op).toMatchObject({ padding: margins })
    expect(pool(0).op).not.toHaveProperty('counted')
    expect(pool(1).op).toMatchObject({ padding: margins, counted: margins })
  })

  it('of the whole map is one, as the operator or as a mean', () => {
    const global = { op: { kind: 'globalPool', reduce: 'average' } }
    expect(lastOf([node('GlobalAveragePool', ['image'], 'y')])).toMatchObject({ ...global, shape: [1, 1, 3] })
    const mean = node('ReduceMean', ['image', 'axes'], 'y', { keepdims: { int: 0 } })
    expect(lastOf([mean], { axes: ints(-1, -2) })).toMatchObject({ ...global, shape: [3] })
  })
})

describe('views', () => {
  it('Transposes and Reshapes leave no layer', () => {
    const nodes = [
      stem,
      node('Transpose', ['stem'], 'last', { perm: { ints: [0, 2, 3, 1] } }),
      node('LayerNormalization', ['last', 'g', 'b'], 'norm'),
      node('MatMul', ['norm', 'm'], 'wide'),
      node('Transpose', ['wide'], 'first', { perm: { ints: [0, 3, 1, 2] } }),
      node('Conv', ['first', 'v'], 'y'),
    ]
    const constants = { w, g: weights(4), b: weights(4), m: weights(4, 6), v: weights(2, 6, 1, 1) }
    expect(layersOf(nodes, constants).map(({ op }) => op?.kind)).toEqual([
      'input',
      'conv',
      'layerNorm',
      'dense',
      'conv',
    ])
  })

  it('a shuffle of channels is one step before the layer that needs it', () => {
    const nodes = [
      stem,
      node('Reshape', ['stem', 'five'], 'a'),
      node('Transpose', ['a'], 'b', { perm: { ints: [0, 2, 1, 3, 4] } }),
      node('Reshape', ['b', 'four'], 'c'),
      node('Conv', ['c', 'v'], 'y'),
    ]
    const constants = { w, v: weights(2, 4, 1, 1), five: ints(0, 2, -1, 9, 8), four: ints(1, 4, 9, 8) }
    expect(layersOf(nodes, constants).slice(2)).toMatchObject([
      {
        name: 'y (input)',
        op: { kind: 'rearrange', split: [9, 8, 2, 2], order: [0, 1, 3, 2], target: [9, 8, 4] },
      },
      { name: 'y', op: { kind: 'conv' } },
    ])
  })

  it('a vector has the numbers in the order of the file', () => {
    const flat = [
      stem,
      node('Flatten', ['stem'], 'flat'),
      node('Gemm', ['flat', 'm'], 'y', { transB: { int: 1 } }),
    ]
    expect(layersOf(flat, { w, m: weights(5, 288) }).slice(2)).toMatchObject([
      { name: 'flat', op: { kind: 'flatten', channelsFirst: true }, shape: [288] },
      { name: 'y', op: { kind: 'dense', units: 5 }, weights: [{ shape: [288, 5] }] },
    ])
  })

  it('as_strided of PyTorch changes nothing', () => {
    const nodes = [
      node('GlobalAveragePool', ['image'], 'pool'),
      node('Reshape', ['pool', 'flat'], 'line'),
      node('Gather', ['line', 'places'], 'again'),
      node('Conv', ['again', 'v'], 'y'),
    ]
    const places: Numbers = { shape: [1, 3, 1, 1], values: [0, 1, 2], type: 7 }
    const constants = { flat: ints(-1), places, v: weights(2, 3, 1, 1) }
    expect(layersOf(nodes, constants).map(({ op }) => op?.kind)).toEqual(['input', 'globalPool', 'conv'])
  })

  it('groups of channels are normalized as PyTorch writes it', () => {
    const nodes = [
      stem,
      node('Reshape', ['stem', 'groups'], 'a'),
      node('InstanceNormalization', ['a', 'ones', 'zeros'], 'b'),
      node('Reshape', ['b', 'map'], 'c'),
      node('Mul', ['c', 'scale'], 'y'),
    ]
    const constants = {
      w,
      groups: ints(0, 2, -1),
      ones: floats([2], 1, 1),
      zeros: floats([2], 0, 0),
      map: ints(1, 4, 9, 8),
      scale: weights(4, 1, 1),
    }
    expect(layersOf(nodes, constants).slice(2)).toMatchObject([
      { op: { kind: 'groupNorm', groups: 2, scale: false, center: false } },
      { op: { kind: 'withConstant', fn: 'multiply', constant: { shape: [1, 1, 4] } } },
    ])
  })
})

describe('constants beside maps', () => {
  it.each([
    ['one a channel', [4, 1, 1], [1, 1, 4]],
    ['one a channel, with the batch', [1, 4, 1, 1], [1, 1, 4]],
    ['one a place', [9, 8], [9, 8, 1]],
    ['one a column', [8], [1, 8, 1]],
    ['one a row', [1, 1, 9, 1], [9, 1, 1]],
    ['one a unit', [4, 9, 8], [9, 8, 4]],
  ] as const)('%s', (_, shape, inside) => {
    const add = node('Add', ['c', 'stem'], 'y')
    expect(lastOf([stem, add], { w, c: weights(...shape) })).toMatchObject({
      op: { kind: 'withConstant', constant: { shape: inside }, constantFirst: true },
      shape: [9, 8, 4],
    })
  })

  it('a single number is part of the layer', () => {
    expect(lastOf([stem, node('Div', ['stem', 'c'], 'y')], { w, c: floats([1], 2) })).toMatchObject({
      op: { kind: 'withConstant', fn: 'divide', constant: 2, constantFirst: false },
    })
  })
})

describe('maps beside maps', () => {
  it('a vector of each image is matched with the axis that the file matches it with', () => {
    const nodes = [
      stem,
      node('GlobalAveragePool', ['stem'], 'pool'),
      node('Squeeze', ['pool', 'axes'], 'vector'),
      node('Unsqueeze', ['vector', 'axes'], 'four'),
      node('Mul', ['four', 'stem'], 'y'),
    ]
    expect(layersOf(nodes, { w, axes: ints(2, 3) }).at(-1)).toMatchObject({
      op: { kind: 'merge', fn: 'multiply' },
      shape: [9, 8, 4],
    })
  })

  it('one in another order is brought into that of the first', () => {
    const square = { inputs: { image: [1, 3, 8, 8] } }
    const nodes = [
      stem,
      node('Transpose', ['stem'], 'turned', { perm: { ints: [0, 1, 3, 2] } }),
      node('Add', ['stem', 'turned'], 'y'),
    ]
    expect(layersOf(nodes, { w }, square).slice(2)).toMatchObject([
      { name: 'y (input)', op: { kind: 'rearrange', split: [8, 8, 4], order: [1, 0, 2] }, shape: [8, 8, 4] },
      { name: 'y', op: { kind: 'merge', fn: 'add' }, inputs: [1, 2] },
    ])
  })
})

describe('attention', () => {
  const attributes = (...perm: number[]) => ({ perm: { ints: perm } })
  /** Four channels are two heads of two; 72 places compare themselves with each other. */
  const heads = [
    stem,
    node('Reshape', ['stem', 'flat'], 'rows'),
    node('Transpose', ['rows'], 'tokens', attributes(0, 2, 1)),
  ]
  const constants = { w, flat: ints(1, 4, 72), split: ints(1, 72, 2, 2), back: ints(1, 72, 4) }
  const attend = [
    node('Reshape', ['tokens', 'split'], 'apart'),
    node('Transpose', ['apart'], 'q', attributes(0, 2, 1, 3)),
    node('Transpose', ['apart'], 'k', attributes(0, 2, 3, 1)),
    node('MatMul', ['q', 'k'], 'scores'),
    node('Softmax', ['scores'], 'weights'),
    node('MatMul', ['weights', 'q'], 'mixed'),
    node('Transpose', ['mixed'], 'turned', attributes(0, 2, 1, 3)),
    node('Reshape', ['turned', 'back'], 'joined'),
    node('Relu', ['joined'], 'y'),
  ]

  it('keeps places where they are, without a step that moves numbers', () => {
    expect(layersOf([...heads, ...attend], constants).slice(2)).toMatchObject([
      { name: 'scores', op: { kind: 'matMul', constant: null }, shape: [9, 8, 2, 72] },
      { name: 'weights', op: { kind: 'activation' }, shape: [9, 8, 2, 72] },
      { name: 'mixed', op: { kind: 'matMul', constant: null }, shape: [9, 8, 4] },
      { name: 'y', shape: [9, 8, 4] },
    ])
  })

  it('with a class token before the others', () => {
    const joined = node('Concat', ['class', 'tokens'], 'all', { axis: { int: 1 } })
    const layers = layersOf([...heads, joined, node('Relu', ['all'], 'y')], {
      ...constants,
      class: weights(1, 1, 4),
    })
    expect(layers.slice(2)).toMatchObject([
      { name: 'all', op: { kind: 'joinConstants', axis: 0, before: 1, after: 0 }, shape: [73, 4] },
      { name: 'all (patches)', shape: [9, 8, 4] },
      { name: 'all (class token)', shape: [4] },
      { name: 'y', shape: [73, 4], tokens: { first: 1, grid: [9, 8] } },
      { name: 'y (patches)' },
      { name: 'y (class token)' },
    ])
  })

  it('a token that is taken out is a vector, so that the classes can be scanned', () => {
    const layers = layersOf(
      [
        ...heads,
        node('Concat', ['class', 'tokens'], 'all', { axis: { int: 1 } }),
        node('Gather', ['all', 'last'], 'one', { axis: { int: 1 } }),
        node('Gemm', ['one', 'matrix'], 'y'),
      ],
      { ...constants, class: weights(1, 1, 4), last: int(-1), matrix: weights(4, 5) },
    )
    expect(layers.slice(-2)).toMatchObject([
      { name: 'one', op: { kind: 'token', index: 72 }, inputs: [2], shape: [4] },
      { name: 'y', shape: [5] },
    ])
    expect(layers.slice(-2).map(whyNotScannable)).toEqual([null, null])
  })

  it('queries, keys and values are slices of one layer', () => {
    const layers = layersOf(
      [
        ...heads,
        node('Reshape', ['tokens', 'three'], 'apart'),
        node('Transpose', ['apart'], 'first', attributes(2, 0, 3, 1, 4)),
        node('Gather', ['first', 'one'], 'k', { axis: { int: 0 } }),
        node('Relu', ['k'], 'y'),
      ],
      {
        ...constants,
        w: weights(12, 3, 3, 3),
        flat: ints(1, 12, 72),
        three: ints(1, 72, 3, 2, 2),
        one: int(1),
      },
    )
    expect(layers.slice(2)).toMatchObject([
      { name: 'k', op: { kind: 'sliceChannels', start: 4, size: 4 }, shape: [9, 8, 4] },
      { name: 'y' },
    ])
  })
})

describe('Einsum', () => {
  const equation = (text: string) => ({ equation: { text } })

  it('over channels is a product at each place', () => {
    const layer = lastOf([stem, node('Einsum', ['stem', 'm'], 'y', equation('nchw, cd -> ndhw'))], {
      w,
      m: weights(4, 5),
    })
    expect(layer).toMatchObject({
      op: { kind: 'matMul', constant: { side: 'second', shape: [4, 5] } },
      shape: [9, 8, 5],
    })
  })

  it('of queries and keys is what MatMul computes', () => {
    const layers = layersOf(
      [
        stem,
        node('Reshape', ['stem', 'heads'], 'q'),
        node('Einsum', ['q', 'q'], 'scores', equation('bhdi,bhdj->bhij')),
        node('Softmax', ['scores'], 'weights'),
        node('Einsum', ['weights', 'q'], 'y', equation('bhij,bhdj->bhid')),
      ],
      { w, heads: ints(1, 2, 2, 72) },
    )
    expect(layers.slice(2)).toMatchObject([
      { name: 'scores', op: { kind: 'matMul', constant: null }, shape: [9, 8, 2, 72] },
      { name: 'weights', shape: [9, 8, 2, 72] },
      { name: 'y', op: { kind: 'matMul', constant: null }, shape: [9, 8, 4] },
    ])
  })

  it.each([
    ['nchw,cd->ndh', /sums over "w" of one operand/],
    ['nchh,cd->ndh', /equation = "nchh,cd->ndh"/],
    ['...chw,cd->dhw', /equation/],
    ['nchw,cde->ndhw', /has letters cde for \[4, 5\]/],
  ])('is refused if it is no product of matrices: %s', (text, sentence) => {
    const layer = lastOf([stem, node('Einsum', ['stem', 'm'], 'y', equation(text))], { w, m: weights(4, 5) })
    expect(layer).toMatchObject({ op: null, problem: expect.stringMatching(sentence) as unknown })
  })
})

describe('what is repeated', () => {
  const norm = node('ReduceL2', ['stem', 'channels'], 'norm')

  it('needs no memory beside the tensor that it was repeated for', () => {
    const layers = layersOf(
      [stem, norm, node('Expand', ['norm', 'to'], 'wide'), node('Div', ['stem', 'wide'], 'y')],
      { w, to: ints(1, 4, 9, 8), channels: ints(1) },
    )
    expect(layers.slice(2)).toMatchObject([
      { name: 'norm', shape: [9, 8, 1] },
      { name: 'y', op: { kind: 'merge', fn: 'divide' }, shape: [9, 8, 4] },
    ])
  })

  it.each([
    [node('Relu', ['wide'], 'y'), 'activation'],
    [node('Add', ['wide', 'norm'], 'y'), 'merge'],
    [node('Concat', ['wide', 'stem'], 'y', { axis: { int: 1 } }), 'concat'],
  ])('is repeated in memory elsewhere', (last, kind) => {
    const layers = layersOf([stem, norm, node('Expand', ['norm', 'to'], 'wide'), last], {
      w,
      to: ints(1, 4, 9, 8),
      channels: ints(1),
    })
    expect(layers.slice(3)).toMatchObject([
      { name: 'y (repeated)', op: { kind: 'tile', repeats: [1, 1, 4] }, shape: [9, 8, 4] },
      { name: 'y', op: { kind } },
    ])
  })
})

it('a norm along a part of the channels needs an axis of its own', () => {
  const layers = layersOf(
    [
      stem,
      node('Reshape', ['stem', 'heads'], 'apart'),
      node('Transpose', ['apart'], 'q', { perm: { ints: [0, 1, 3, 2] } }),
      node('ReduceL2', ['q', 'last'], 'norm'),
      node('Expand', ['norm', 'to'], 'wide'),
      node('Div', ['q', 'wide'], 'unit'),
      node('Transpose', ['unit'], 'k', { perm: { ints: [0, 1, 3, 2] } }),
      node('MatMul', ['unit', 'k'], 'y'),
    ],
    { w, heads: ints(1, 2, 2, 72), to: ints(1, 2, 72, 2), last: ints(-1) },
  )
  expect(layers.slice(2)).toMatchObject([
    { name: 'norm (input)', op: { kind: 'reshape' }, shape: [9, 8, 2, 2] },
    { name: 'norm', op: { kind: 'reduce', fn: 'l2', axes: [3] }, shape: [9, 8, 2, 1] },
    { name: 'unit (input)', op: { kind: 'reshape' }, shape: [9, 8, 2, 2] },
    { name: 'unit', op: { kind: 'merge', fn: 'divide' }, shape: [9, 8, 2, 2] },
    { name: 'y', op: { kind: 'matMul' }, shape: [9, 8, 2, 72] },
  ])
})

it('channels that are compared with channels are no map', () => {
  const layers = layersOf(
    [
      stem,
      node('Reshape', ['stem', 'heads'], 'q'),
      node('Transpose', ['q'], 'k', { perm: { ints: [0, 1, 3, 2] } }),
      node('MatMul', ['q', 'k'], 'scores'),
      node('Softmax', ['scores'], 'weights'),
      node('MatMul', ['weights', 'q'], 'y'),
    ],
    { w, heads: ints(1, 2, 2, 72) },
  )
  expect(layers.slice(2)).toMatchObject([
    { name: 'scores', shape: [1, 1, 4, 2] },
    { name: 'weights', shape: [1, 1, 4, 2] },
    { name: 'y', shape: [9, 8, 4] },
  ])
})

describe('shapes that are computed', () => {
  it('are known beforehand', () => {
    const nodes = [
      stem,
      node('Shape', ['stem'], 'shape'),
      node('Gather', ['shape', 'zero'], 'batch'),
      node('Unsqueeze', ['batch', 'axes'], 'first'),
      node('Concat', ['first', 'rest'], 'target', { axis: { int: 0 } }),
      node('Reshape', ['stem', 'target'], 'flat'),
      node('Gemm', ['flat', 'm'], 'y'),
    ]
    const constants = { w, zero: int(0), axes: ints(0), rest: ints(-1), m: weights(288, 5) }
    const open = { inputs: { image: ['batch', 3, 9, 8] } }
    expect(layersOf(nodes, constants, open).map(({ op }) => op?.kind)).toEqual([
      'input',
      'conv',
      'flatten',
      'dense',
    ])
  })

  it('decide which branch of an If counts', () => {
    const branch = (op: string): { graph: Model } => ({
      graph: { nodes: [node(op, ['stem'], `in_${op}`)], outputs: [`in_${op}`], inputs: {} },
    })
    const nodes = [
      stem,
      node('Shape', ['stem'], 'shape'),
      node('Gather', ['shape', 'one'], 'channels'),
      node('Equal', ['channels', 'four'], 'is'),
      node('If', ['is'], 'chosen', { then_branch: branch('Relu'), else_branch: branch('Tanh') }),
      node('Sigmoid', ['chosen'], 'y'),
    ]
    const constants = { w, one: int(1), four: int(4) }
    expect(layersOf(nodes, constants).slice(2)).toMatchObject([
      { className: 'Relu' },
      { className: 'Sigmoid', inputs: [2] },
    ])
  })
})

describe('the image', () => {
  it.each([
    ['channels first', [1, 3, 9, 8], [9, 8, 3]],
    ['channels last', [1, 9, 8, 3], [9, 8, 3]],
    ['grey', ['N', 1, 9, 8], [9, 8, 1]],
    ['grey without an axis for the channel', ['N', 9, 8], [9, 8, 1]],
    ['of open size', ['N', 3, 'h', 'w'], [224, 224, 3]],
  ] as const)('%s', (_, shape, inputShape) => {
    const { network } = read({ nodes: [node('Relu', ['image'], 'y')], inputs: { image: shape } })
    expect(network.inputShape).toEqual(inputShape)
    expect(network.openSize).toBe(shape.includes('h' as never))
  })

  it('has as many channels as the first convolution takes, if the file leaves them open', () => {
    const { network } = read({ nodes: [stem], constants: { w }, inputs: { image: [1, 'c', 9, 8] } })
    expect(network.inputShape).toEqual([9, 8, 3])
  })

  it('is none of the weights that old files list as inputs', () => {
    const { network } = read({
      nodes: [stem],
      constants: { w },
      inputs: { w: [4, 3, 3, 3], image: [1, 3, 9, 8] },
    })
    expect(network.layers[0]).toMatchObject({ name: 'image' })
  })

  it('has to be one', () => {
    const nodes = [node('Relu', ['image'], 'y')]
    expect(() => read({ nodes, inputs: { image: [1, 10] } })).toThrow(
      'none or several of its inputs are images (image [1, 10])',
    )
    expect(() => read({ nodes, inputs: { image: [1, 3, 9, 8], b: [1, 3, 9, 8] } })).toThrow(/several/)
  })

  it('is the only input that is fed', () => {
    const nodes = [stem, node('Add', ['stem', 'age'], 'y')]
    const layers = layersOf(nodes, { w }, { inputs: { image: [1, 3, 9, 8], age: [1, 1] } })
    expect(layers.map((layer) => layer.op === null && layer.problem)).toEqual([
      false,
      'input "age" is not the image, and Urpatch feeds images only',
      false,
      'comes after input "age" is not the image, and Urpatch feeds images only',
    ])
  })
})

describe('what is refused', () => {
  it.each([
    [
      'an operator that is not known',
      node('NonZero', ['stem'], 'y'),
      'layer "y" is of type NonZero, which Urpatch does not support',
    ],
    [
      'one of another domain',
      node('FusedConv', ['stem', 'w'], 'y', {}, { domain: 'com.microsoft' }),
      'layer "y" is of type com.microsoft.FusedConv, which Urpatch does not support',
    ],
    [
      'an attribute that is not known',
      node('Relu', ['stem'], 'y', { strange: { int: 1 } }),
      'layer "y" (Relu) uses strange = 1, which Urpatch does not compute',
    ],
    [
      'statistics of the batch',
      node('BatchNormalization', ['stem', 'c', 'c', 'c', 'c'], ['y', 'm', 'v'], {
        training_mode: { int: 1 },
      }),
      'layer "y" (BatchNormalization) uses training_mode = 1, which Urpatch does not compute',
    ],
    [
      'a branch that the image decides',
      node('If', ['stem'], 'y', {
        then_branch: { graph: { nodes: [node('Relu', ['stem'], 'a')], outputs: ['a'] } },
        else_branch: { graph: { nodes: [node('Neg', ['stem'], 'b')], outputs: ['b'] } },
      }),
      'node "y" (If): which of its branches is computed depends on the image',
    ],
  ])('%s, and the layers before it are there', (_, last, problem) => {
    const layers = layersOf([stem, last], { w, c: weights(4) })
    expect(layers.slice(1)).toMatchObject([
      { name: 'stem', op: { kind: 'conv' } },
      { op: null, problem },
    ])
  })

  it('operators that are newer than those that are known', () => {
    expect(() => read({ nodes: [stem], constants: { w }, opset: 99 })).toThrow(
      /version 99 of ONNX's operators.*opset_version/,
    )
  })
})

it('an operator that is not supported is named with its node and the shapes that it reads', () => {
  const { network } = onnxNetwork(
    onnxModel({
      nodes: [
        node('Relu', ['image'], 'a', {}, { name: 'first' }),
        node('Xyz', ['a', 'w'], 'y', {}, { name: 'second' }),
        node('Xyz', ['a'], 'v', {}, { name: '/block/block.0/Xyz_1' }),
        node('Relu', ['y'], 'z', {}, { name: 'third' }),
      ],
      constants: { w: weights(3, 1, 1) },
    }),
    { inputSize: null },
  )
  expect(network.layers.map(whyNotScannable).slice(-3)).toEqual([
    'layer "second" is of type Xyz, which Urpatch does not support; it reads [1, 3, 9, 8] and [3, 1, 1]',
    'layer "block.0" is of type Xyz, which Urpatch does not support; it is "/block/block.0/Xyz_1" in the file; it reads [1, 3, 9, 8]',
    'comes after layer "second" is of type Xyz, which Urpatch does not support',
  ])
})

it('what is true of the whole picture has no axes in the file', () => {
  const layers = layersOf(
    [node('ReduceMean', ['image'], 'mean', { keepdims: { int: 0 } }), node('Sub', ['image', 'mean'], 'y')],
    {},
    { opset: 17 },
  )
  expect(layers.slice(1)).toMatchObject([
    { op: { kind: 'reduce', fn: 'mean' } },
    { op: { kind: 'merge', fn: 'subtract' }, shape: [9, 8, 3] },
  ])
  const mean = node('ReduceMean', ['image'], 'mean')
  expect(lastOf([mean], {}, { opset: 17, inputs: { image: [2, 3, 9, 8] } })).toMatchObject({
    op: null,
    problem: 'node "mean" (ReduceMean): it mixes images of the batch',
  })
})

describe('windows in the place of images', () => {
  const windows = [
    stem,
    node('Reshape', ['stem', 'apart'], 'six', { allowzero: { int: 0 } }),
    node('Transpose', ['six'], 'turned', { perm: { ints: [0, 2, 4, 1, 3, 5] } }),
    node('Reshape', ['turned', 'together'], 'windows'),
  ]
  const constants = {
    w,
    apart: ints(1, 4, 3, 3, 2, 4),
    together: ints(6, 4, 3, 4),
    c: weights(4),
  }

  it('are normalized by stored statistics, which are those of all', () => {
    const norm = node('BatchNormalization', ['windows', 'c', 'c', 'c', 'c'], 'y')
    expect(lastOf([...windows, norm], constants)).toMatchObject({
      op: { kind: 'batchNorm' },
      shape: [9, 8, 4],
    })
  })

  it.each([
    ['InstanceNormalization', ['windows', 'c', 'c'], {}],
    ['GroupNormalization', ['windows', 'c', 'c'], { num_groups: { int: 2 } }],
  ] as const)('have statistics of their own, which are not computed: %s', (op, inputs, attributes) => {
    expect(lastOf([...windows, node(op, inputs, 'y', attributes)], constants)).toMatchObject({ op: null })
  })
})
