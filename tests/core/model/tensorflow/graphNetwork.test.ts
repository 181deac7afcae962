/** The layers, shapes and names that the nodes of a graph become, and the sentences for those that are refused. */
import { describe, expect, it } from 'vitest'
import { guessPreprocessing } from '../../../../src/core/preprocessing/guess/guess.ts'
import type { Layer } from '../../../../src/core/model/network.ts'
import {
  flag,
  type Graph,
  int,
  ints,
  node,
  type NodeJson,
  type Numbers,
  placeholder,
  readGraph,
  text,
  texts,
  type,
  weights,
  whole,
  wholes,
  window,
} from '../../../fixtures/graphs.ts'

const image = placeholder('image', -1, 9, 8, 3)

function layersOf(nodes: readonly NodeJson[], constants: Readonly<Record<string, Numbers>> = {}): Layer[] {
  return [...readGraph({ nodes: [image, ...nodes], constants }).network.layers]
}

function lastOf(nodes: readonly NodeJson[], constants: Readonly<Record<string, Numbers>> = {}): Layer {
  return layersOf(nodes, constants).at(-1)!
}

const fused = (...ops: string[]): Record<string, unknown> => ({
  fused_ops: texts(...ops),
  num_args: whole(1),
})

describe('whole numbers as input', () => {
  const pixels = (dtype: string): NodeJson =>
    node('pixels', 'Placeholder', [], { dtype: type(dtype), shape: image.attr!['shape'] })
  const toFloat = (name: string, from: string): NodeJson =>
    node(name, 'Cast', [from], { DstT: type('DT_FLOAT') })

  it.each(['DT_INT32', 'DT_UINT8'])(
    '%s are cut from what is fed, where the graph makes floats of them',
    (dtype) => {
      const { network } = readGraph({
        nodes: [
          pixels(dtype),
          node('size', 'Shape', ['pixels']),
          node('same', 'Identity', ['pixels']),
          toFloat('floats', 'same'),
          node('relu', 'Relu', ['floats']),
        ],
        constants: {},
      })
      expect(network.layers).toMatchObject([
        { name: 'pixels', op: { kind: 'input' } },
        { op: { kind: 'wholeNumbers' }, inputs: [0], shape: [9, 8, 3] },
        { name: 'relu', inputs: [1] },
      ])
      expect(network.input).toBe(0)
      const evidence = { network, name: 'net', inputWeights: new Map(), madeBy: null }
      expect(guessPreprocessing(evidence)[0]).toMatchObject({ id: 'raw', confidence: 'sure' })
    },
  )
})

describe('layers of nodes', () => {
  it('a fused convolution is one layer with bias and activation', () => {
    const conv = node(
      'net/conv/Relu',
      '_FusedConv2D',
      ['image', 'w', 'b'],
      window('SAME', 2, fused('BiasAdd', 'Relu')),
    )
    expect(layersOf([conv], { w: weights(3, 3, 3, 5), b: weights(5) })).toMatchObject([
      { name: 'image', op: { kind: 'input' }, shape: [9, 8, 3] },
      {
        name: 'net/conv',
        className: 'Conv2D',
        op: {
          kind: 'conv',
          filters: 5,
          strides: [2, 2],
          padding: 'same',
          bias: true,
          activation: { fn: 'relu' },
        },
        shape: [5, 4, 5],
        weights: [{ shape: [3, 3, 3, 5] }, { shape: [5] }],
        note: 'In the file it is "net/conv/Relu".',
      },
    ])
  })

  it('explicit padding is a layer before, a fused PReLU one behind', () => {
    const attr = window('EXPLICIT', 1, {
      explicit_paddings: wholes(0, 0, 1, 2, 0, 3, 0, 0),
      ...fused('BiasAdd', 'Prelu'),
    })
    const conv = node('conv', '_FusedConv2D', ['image', 'w', 'b', 'a'], attr)
    const constants = { w: weights(3, 3, 3, 5), b: weights(5), a: weights(5) }
    const { network, nodes } = readGraph({ nodes: [image, conv], constants })
    expect(network.layers.slice(1)).toMatchObject([
      { op: { kind: 'pad', rows: [1, 2], columns: [0, 3] }, shape: [12, 11, 3] },
      { op: { kind: 'conv', padding: 'valid' }, shape: [10, 9, 5] },
      { name: 'conv', op: { kind: 'prelu', sharedAxes: [1, 2] }, shape: [10, 9, 5] },
    ])
    expect(nodes).toEqual(['image', null, null, 'conv'])
  })

  it('grouped convolution: the kernel holds fewer channels than come in', () => {
    const attr = window('VALID')
    const nodes = [node('a', 'Conv2D', ['image', 'v'], attr), node('b', 'Conv2D', ['a', 'w'], attr)]
    const conv = lastOf(nodes, { v: weights(1, 1, 3, 6), w: weights(3, 3, 2, 9) })
    expect(conv).toMatchObject({ op: { kind: 'conv', groups: 3, filters: 9 }, shape: [7, 6, 9] })
  })

  it('SpaceToBatchND, convolution, BatchToSpaceND is a dilated convolution', () => {
    const nodes = [
      node('s', 'SpaceToBatchND', ['image', 'block', 'paddings']),
      node('c', 'Conv2D', ['s', 'w'], window('VALID')),
      node('atrous', 'BatchToSpaceND', ['c', 'block', 'crops']),
    ]
    const pair = (...values: number[]): Numbers => ({ shape: [2, 2], values })
    const constants = { block: ints(2, 2), w: weights(3, 3, 3, 4) }
    const same = layersOf(nodes, { ...constants, paddings: pair(2, 3, 2, 2), crops: pair(0, 1, 0, 0) })
    expect(same.slice(1)).toMatchObject([
      { name: 'atrous', op: { kind: 'conv', dilation: [2, 2], padding: 'same' }, shape: [9, 8, 4] },
    ])
    const more = layersOf(nodes, { ...constants, paddings: pair(3, 4, 0, 0), crops: pair(0, 0, 0, 0) })
    expect(more.slice(1)).toMatchObject([
      { op: { kind: 'pad', rows: [3, 4], columns: [0, 0] } },
      { name: 'atrous', op: { kind: 'conv', dilation: [2, 2], padding: 'valid' }, shape: [12, 4, 4] },
    ])
    const alone = lastOf([nodes[0]!, node('relu', 'Relu', ['s'])], {
      block: ints(2, 2),
      paddings: pair(0, 1, 0, 0),
    })
    expect(alone).toMatchObject({
      op: null,
      problem: expect.stringContaining('SpaceToBatchND has rearranged'),
    })
  })

  it('a shape that is computed keeps the batch open', () => {
    const slice = { shrink_axis_mask: whole(1), begin_mask: whole(0), end_mask: whole(0) }
    const nodes = [
      node('shape', 'Shape', ['image'], { out_type: type('DT_INT32') }),
      node('count', 'StridedSlice', ['shape', 'zero', 'one', 'one'], slice),
      node('target', 'Pack', ['count', 'rest'], { axis: whole(0), N: whole(2) }),
      node('flat', 'Reshape', ['image', 'target'], { Tshape: type('DT_INT32') }),
    ]
    const constants = { zero: ints(0), one: ints(1), rest: int(216) }
    expect(layersOf(nodes, constants).slice(1)).toMatchObject([
      { name: 'flat', op: { kind: 'flatten' }, shape: [216] },
    ])
  })

  it('an input of a fixed batch may be reshaped with that number, and with no other', () => {
    const constants = { one: ints(1, 72, 3), two: ints(2, 36, 3), open: ints(-1, 3) }
    const reshape = (target: string): NodeJson => node('r', 'Reshape', ['image', target])
    const of = (nodes: readonly NodeJson[]): Layer => readGraph({ nodes, constants }).network.layers.at(-1)!
    const single = placeholder('image', 1, 9, 8, 3)
    expect(of([single, reshape('one')])).toMatchObject({ op: { kind: 'reshape' }, shape: [72, 3] })
    expect(of([single, reshape('two')])).toMatchObject({ op: null })
    expect(of([image, reshape('one')])).toMatchObject({ op: null })
    expect(of([single, reshape('open')])).toMatchObject({ op: null })
  })

  it('a part may be taken of each image, and not of the batch', () => {
    const constants = { b: ints(0, 2, 0, 1), s: ints(1, 1, 1, 1) }
    const slice = (single: boolean, ...end: number[]): Layer => {
      const nodes = [
        placeholder('image', single ? 1 : -1, 9, 8, 3),
        node('cut', 'StridedSlice', ['image', 'b', 'e', 's']),
      ]
      return readGraph({ nodes, constants: { ...constants, e: ints(...end) } }).network.layers.at(-1)!
    }
    const cut = { name: 'cut', op: { kind: 'sliceChannels', start: 1, size: 2 }, shape: [6, 7, 2] }
    expect(slice(true, 1, 8, -1, 3)).toMatchObject(cut)
    expect(slice(false, 2 ** 31 - 1, 8, -1, 3)).toMatchObject(cut)
    expect(slice(false, 1, 8, -1, 3)).toMatchObject({
      op: null,
      problem: 'node "cut" (StridedSlice): it takes some images of the batch',
    })
  })

  it('Identity and what else changes nothing stands for what it reads', () => {
    const nodes = [
      node('i', 'Identity', ['image']),
      node('c', 'Cast', ['i'], { SrcT: type('DT_FLOAT'), DstT: type('DT_FLOAT') }),
      node('relu', 'Relu', ['c', '^later']),
      node('later', 'NoOp'),
    ]
    expect(layersOf(nodes).map(({ name, inputs }) => [name, inputs])).toEqual([
      ['image', []],
      ['relu', [0]],
    ])
  })

  it('a number an image is a vector of one', () => {
    const nodes = [
      node('mean', 'Mean', ['image', 'axes'], { keep_dims: flag(false) }),
      node('one', 'StridedSlice', ['mean', 'b', 'e', 's'], {
        begin_mask: whole(1),
        end_mask: whole(1),
        shrink_axis_mask: whole(2),
      }),
      node('twice', 'AddV2', ['one', 'one']),
      node('axis', 'ExpandDims', ['twice', 'last']),
      node('all', 'Mul', ['mean', 'axis']),
    ]
    const constants = { axes: ints(1, 2), b: ints(0, 1), e: ints(0, 2), s: ints(1, 1), last: int(1) }
    expect(layersOf(nodes, constants).slice(1)).toMatchObject([
      { name: 'mean', op: { kind: 'globalPool', reduce: 'average' }, shape: [3] },
      { name: 'one', op: { kind: 'sliceChannels', start: 1, size: 1 }, shape: [1] },
      { name: 'twice', op: { kind: 'merge', fn: 'add' }, shape: [1], inputs: [2, 2] },
      { name: 'all', op: { kind: 'merge', fn: 'multiply' }, shape: [3], inputs: [1, 3] },
    ])
  })

  it('constants of constants are computed, when they are asked for', () => {
    const nodes = [
      node('root', 'Rsqrt', ['variance']),
      node('factor', 'Mul', ['root', 'gamma']),
      node('turned', 'Transpose', ['factor', 'order']),
      node('flat', 'Reshape', ['turned', 'target']),
      node('scaled', 'Mul', ['image', 'flat']),
    ]
    const constants = {
      variance: { shape: [1, 3], values: [4, 16, 64] },
      gamma: { shape: [1], values: [8] },
      order: ints(1, 0),
      target: ints(-1),
    }
    const { network, constants: arrays } = readGraph({ nodes: [image, ...nodes], constants })
    expect(network.layers[1]).toMatchObject({
      op: { kind: 'withConstant', fn: 'multiply', constant: { shape: [3] } },
    })
    expect([...arrays[1]![0]!.floats()!]).toEqual([4, 2, 1])
  })

  it('names what a folded normalization is', () => {
    const conv = node(
      'block/Relu',
      '_FusedConv2D',
      ['image', 'w', 'conv_bn_offset'],
      window('SAME', 1, fused('BiasAdd', 'Relu')),
    )
    const layer = lastOf([conv], { w: weights(1, 1, 3, 2), conv_bn_offset: weights(2) })
    expect(layer).toMatchObject({
      note: expect.stringMatching(/^A batch normalization is folded into its kernel/),
    })
  })

  it('takes an open size from the options, or a usual one', () => {
    const graph: Graph = { nodes: [placeholder('image', -1, -1, -1, 3)], constants: {} }
    expect(readGraph(graph).network).toMatchObject({ inputShape: [224, 224, 3], openSize: true })
    expect(readGraph(graph, [48, 32]).network).toMatchObject({ inputShape: [48, 32, 3], openSize: true })
  })

  it('reads grey images without an axis for the channel', () => {
    const nodes = [placeholder('image', -1, 28, 28), node('flat', 'Reshape', ['image', 'target'])]
    const { network } = readGraph({ nodes, constants: { target: ints(-1, 784) } })
    expect(network).toMatchObject({ inputShape: [28, 28, 1], layers: [{}, { shape: [784] }] })
  })
})

describe('refused by name', () => {
  const cases: readonly [string, readonly NodeJson[], Readonly<Record<string, Numbers>>, RegExp][] = [
    [
      'an unknown operation',
      [node('x/LRN', 'LRN', ['image'])],
      {},
      /^layer "x\/LRN" is of type LRN, which Urpatch does/,
    ],
    [
      'channels before rows',
      [node('c', 'Conv2D', ['image', 'w'], window('SAME', 1, { data_format: text('NCHW') }))],
      { w: weights(1, 1, 3, 2) },
      /^layer "c" \(Conv2D\) uses data_format = "NCHW"/,
    ],
    [
      'stride with dilation',
      [node('c', 'Conv2D', ['image', 'w'], window('SAME', 2, { dilations: wholes(1, 2, 2, 1) }))],
      { w: weights(3, 3, 3, 2) },
      /uses dilations = \[2,2\]/,
    ],
    [
      'an attribute that nobody knows',
      [node('r', 'Relu', ['image'], { leak: whole(3) })],
      {},
      /uses leak = \{"i":"3"\}/,
    ],
    [
      'a fused operation that nobody knows',
      [node('c', '_FusedConv2D', ['image', 'w', 'w'], window('SAME', 1, fused('FusedBatchNorm')))],
      { w: weights(1, 1, 3, 2) },
      /uses fused_ops = \["FusedBatchNorm"\]/,
    ],
    [
      'a mean over the channels',
      [node('m', 'Mean', ['image', 'axes'])],
      { axes: ints(-1) },
      /^node "m" \(Mean\): it reduces axes -1 of \[batch, 9, 8, 3\]/,
    ],
    [
      'batches that are mixed',
      [node('r', 'Reshape', ['image', 'target'])],
      { target: ints(-1, 8, 3) },
      /^node "r" \(Reshape\): it makes \[8, 3\] of \[9, 8, 3\] for each image/,
    ],
    [
      'axes that move',
      [node('t', 'Transpose', ['image', 'order'])],
      { order: ints(0, 3, 1, 2) },
      /it moves axes of \[batch, 9, 8, 3\] to the order 0, 3, 1, 2/,
    ],
    [
      'a constant without numbers',
      [node('w', 'Const'), node('a', 'Add', ['image', 'w'])],
      {},
      /^comes after node "w" \(Const\): its numbers are not/,
    ],
    [
      'numbers for one place',
      [node('a', 'Add', ['image', 'w'])],
      { w: weights(4) },
      /its constant of shape \[4\] does not fit \[9, 8, 3\]/,
    ],
    [
      'random numbers of nothing',
      [node('a', 'RandomUniform', ['w'])],
      { w: int(1) },
      /^layer "a" is of type RandomUniform/,
    ],
    [
      'an output that is not there',
      [node('r', 'Relu', ['image:1'])],
      {},
      /it reads output 1 of a node that gives no such output/,
    ],
    [
      'one image of an open batch',
      [node('u', 'Unpack', ['image'], { num: whole(1) })],
      {},
      /it takes apart axis 0 of any number of images/,
    ],
    [
      'training',
      [node('n', 'FusedBatchNormV3', ['image', 'w', 'w', 'w', 'w'], { is_training: flag(true) })],
      { w: weights(3) },
      /uses is_training = true/,
    ],
    [
      'a cast to whole numbers',
      [node('c', 'Cast', ['image'], { DstT: type('DT_INT32') })],
      {},
      /uses DstT = "DT_INT32"/,
    ],
  ]
  it.each(cases)('%s', (_, nodes, constants, problem) => {
    const layer = lastOf(nodes, constants)
    expect(layer.op).toBeNull()
    expect(layer.op === null && layer.problem).toMatch(problem)
  })

  it('blocks what comes after, and keeps what comes before', () => {
    const nodes = [
      node('before', 'Relu', ['image']),
      node('lrn', 'LRN', ['before']),
      node('x', 'Relu', ['lrn']),
      node('y', 'Relu', ['x']),
    ]
    const problem = 'comes after layer "lrn" is of type LRN, which Urpatch does not support'
    expect(layersOf(nodes).slice(1)).toMatchObject([
      { name: 'before', shape: [9, 8, 3] },
      { name: 'lrn', op: null, inputs: [1] },
      { name: 'x', op: null, inputs: [2], problem },
      { name: 'y', op: null, inputs: [3], problem },
    ])
  })

  it('blocks a loop and what waits for it, wherever it stands in the file', () => {
    // TensorFlow 1 writes `while` so: values come back through Merge.
    const loop = [
      node('loop/Merge', 'Merge', ['conv', 'loop/NextIteration']),
      node('loop/Switch', 'Switch', ['loop/Merge', 'loop/Merge']),
      node('loop/body', 'Relu', ['loop/Switch:1']),
      node('loop/NextIteration', 'NextIteration', ['loop/body']),
      node('loop/Exit', 'Exit', ['loop/Switch']),
    ]
    const conv = node('conv', 'Relu', ['image'])
    const behind = node('behind', 'Relu', ['loop/Exit'])
    const beside = node('beside', 'Relu6', ['conv'])
    for (const nodes of [
      [conv, ...loop, behind, beside],
      [behind, ...loop.toReversed(), beside, conv],
      [...loop.slice(2), conv, beside, behind, ...loop.slice(0, 2)],
    ]) {
      const layers = layersOf(nodes)
      const problems = new Map(layers.map((layer) => [layer.name, layer.op === null ? layer.problem : null]))
      expect(problems.get('conv')).toBeNull()
      expect(problems.get('beside')).toBeNull()
      for (const { name } of [...loop, behind])
        expect(problems.get(name), name).toMatch(
          /^(comes after )?node "loop\/\w+" \(\w+\) is part of a loop, which Urpatch does not compute$/,
        )
      for (const [i, { inputs }] of layers.entries()) expect(Math.max(-1, ...inputs)).toBeLessThan(i)
    }
  })

  it('that depends on the image alone can be scanned, whatever else the graph wants', () => {
    const layers = layersOf(
      [
        placeholder('ratio'),
        placeholder('state', -1, -1, -1, 16),
        node('conv', 'Relu', ['image']),
        node('scaled', 'Mul', ['conv', 'ratio']),
        node('kept', 'ConcatV2', ['conv', 'state', 'axis']),
      ],
      { axis: int(3) },
    )
    const problem = (name: string): unknown => {
      const layer = layers.find((one) => one.name === name)!
      return layer.op === null ? layer.problem : null
    }
    expect(problem('conv')).toBeNull()
    expect(problem('scaled')).toMatch(/"ratio" .* it is not the image, and Urpatch feeds images only/)
    expect(problem('kept')).toMatch(/"state" .* it is not the image/)
  })

  it.each<readonly [string, readonly NodeJson[], RegExp]>([
    [
      'a missing node',
      [image, node('r', 'Relu', ['gone'])],
      /its node "r" reads "gone", which is not in the file/,
    ],
    ['two nodes of one name', [image, image], /two nodes named "image"/],
    ['no input', [node('a', 'Const')], /^it has 0 inputs$/],
    ['two images', [image, placeholder('other', -1, 9, 9, 3)], /^it has 2 inputs \(image, other\)$/],
    ['no image', [placeholder('x', 2, 2)], /^its input has shape \[2, 2\], which is no image$/],
    [
      'whole numbers',
      [
        node('x', 'Placeholder', [], { dtype: type('DT_UINT8'), shape: image.attr!['shape'] }),
        node('double', 'Add', ['x', 'x']),
        node('floats', 'Cast', ['double'], { DstT: type('DT_FLOAT') }),
      ],
      /its input is of type DT_UINT8, and Urpatch feeds DT_FLOAT, or whole numbers where/,
    ],
    ['channels before rows', [placeholder('x', 1, 3, 64, 64)], /\[1, 3, 64, 64\], channels before rows/],
  ])('the whole graph for %s', (_, nodes, reason) => {
    expect(() => readGraph({ nodes, constants: {} })).toThrow(reason)
  })

  it('a topology without nodes', () => {
    expect(() => readGraph({ nodes: [null as unknown as NodeJson], constants: {} })).toThrow(
      /node 0 .* no name or no op/,
    )
  })
})
