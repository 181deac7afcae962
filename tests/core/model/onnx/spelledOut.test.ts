/** Functions that files spell out in several nodes: one layer if nothing else reads the steps. */
import { describe, expect, it } from 'vitest'
import type { Layer } from '../../../../src/core/model/network.ts'
import type { OnnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import { readOnnx, stem, w } from '../../../fixtures/onnxNetworks.ts'
import { floats, ints, type Model, node, type Node, type Numbers } from '../../../fixtures/onnxWriter.ts'

const numbers = {
  half: 0.5,
  one: 1,
  two: 2,
  three: 3,
  six: 6,
  twenty: 20,
  sixth: 1 / 6,
  zero: 0,
  root: Math.SQRT2,
  rootHalf: Math.SQRT1_2,
  slope: Math.sqrt(2 / Math.PI),
  cubic: 0.044715,
} as const

const scalars = Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, floats([], n)]))

/** Layers behind `x`, a map of 9 rows, 8 columns and 4 channels that is not the image; and behind all a ReLU of `y`. */
function read(
  nodes: readonly Node[],
  constants: Readonly<Record<string, Numbers>> = {},
  more: Partial<Model> = {},
): OnnxNetwork {
  return readOnnx({
    nodes: [{ ...stem, outputs: ['x'] }, ...nodes, node('Relu', ['y'], 'end')],
    constants: { w, ...scalars, ...constants },
    outputs: ['end'],
    ...more,
  })
}

/** Without the image, the convolution and the ReLU. */
function between(...given: Parameters<typeof read>): readonly Layer[] {
  return read(...given).network.layers.slice(2, -1)
}

/** `op(a, b) -> c`, one a line. */
function steps(text: string): readonly Node[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, op, inputs, output] = /(\w+)\((.*)\) -> (\w+)/.exec(line)!
      return node(op!, inputs!.split(', '), output!)
    })
}

const erfGelu = `
  Div(x, root) -> a
  Erf(a) -> b
  Add(b, one) -> c
  Mul(x, c) -> d
  Mul(d, half) -> y`

describe('activation functions', () => {
  it.each([
    ['SiLU', 'silu', 'Sigmoid(x) -> a\nMul(x, a) -> y'],
    ['SiLU, the other way round', 'silu', 'Sigmoid(x) -> a\nMul(a, x) -> y'],
    ['GELU of PyTorch', 'gelu', erfGelu],
    [
      'GELU, halved first',
      'gelu',
      'Mul(x, half) -> h\nMul(x, rootHalf) -> a\nErf(a) -> b\nAdd(one, b) -> c\nMul(h, c) -> y',
    ],
    [
      'GELU, the distribution in one',
      'gelu',
      'Mul(x, rootHalf) -> a\nErf(a) -> b\nMul(b, half) -> c\nAdd(c, half) -> d\nMul(d, x) -> y',
    ],
    [
      'GELU by tanh, with products',
      'gelu_tanh',
      `Mul(x, x) -> a
       Mul(x, a) -> b
       Mul(cubic, b) -> c
       Add(x, c) -> d
       Mul(slope, d) -> e
       Tanh(e) -> f
       Add(one, f) -> g
       Mul(x, g) -> h
       Mul(half, h) -> y`,
    ],
    [
      'GELU by tanh, with a power',
      'gelu_tanh',
      `Pow(x, three) -> b
       Mul(b, cubic) -> c
       Add(c, x) -> d
       Mul(d, slope) -> e
       Tanh(e) -> f
       Add(f, one) -> g
       Mul(x, half) -> h
       Mul(h, g) -> y`,
    ],
    [
      'GELU by tanh, with a square',
      'gelu_tanh',
      `Pow(x, two) -> a
       Mul(a, cubic) -> b
       Add(b, one) -> c
       Mul(x, c) -> d
       Mul(d, slope) -> e
       Tanh(e) -> f
       Add(f, one) -> g
       Mul(x, g) -> h
       Div(h, two) -> y`,
    ],
    [
      'HardSwish',
      'hard_silu',
      'Add(x, three) -> a\nClip(a, zero, six) -> b\nMul(x, b) -> c\nDiv(c, six) -> y',
    ],
    [
      'HardSwish, divided first',
      'hard_silu',
      'Add(x, three) -> a\nClip(a, zero, six) -> b\nDiv(b, six) -> c\nMul(x, c) -> y',
    ],
    ['HardSigmoid', 'hard_sigmoid', 'Add(three, x) -> a\nClip(a, zero, six) -> b\nMul(b, sixth) -> y'],
    ['Mish', 'mish', 'Softplus(x) -> a\nTanh(a) -> b\nMul(x, b) -> y'],
    [
      'Mish with a logarithm',
      'mish',
      'Exp(x) -> e\nAdd(e, one) -> f\nLog(f) -> a\nTanh(a) -> b\nMul(x, b) -> y',
    ],
    ['Softplus', 'softplus', 'Exp(x) -> a\nAdd(one, a) -> b\nLog(b) -> y'],
    ['Softplus of PyTorch', 'softplus', 'Softplus(x) -> a\nGreater(x, twenty) -> b\nWhere(b, x, a) -> y'],
  ])('%s', (_, fn, text) => {
    const layers = between(steps(text))
    expect(layers).toMatchObject([
      {
        name: 'y',
        op: { kind: 'activation', activation: { fn } },
        inputs: [1],
        shape: [9, 8, 4],
        weights: [],
        note: `${text.trim().split('\n').length} steps of the file, computed as one.`,
      },
    ])
  })

  it('HardSwish of a HardSigmoid that is an operator', () => {
    const gate = node('HardSigmoid', ['x'], 'a', { alpha: { float: 1 / 6 } })
    expect(between([gate, node('Mul', ['x', 'a'], 'y')])).toMatchObject([
      { className: 'HardSwish', op: { activation: { fn: 'hard_silu' } } },
    ])
  })

  it('have the name of their module, and the tensor and the number of its steps are told', () => {
    const named = steps(erfGelu).map((one, i) => ({ ...one, name: `/mlp/act/${one.op}_${i}` }))
    const { network, tensors } = read(named)
    expect(network.layers[2]).toMatchObject({
      name: 'mlp.act',
      className: 'Gelu',
      note: '5 steps of the file, computed as one. In the file it is "y".',
    })
    expect(tensors.slice(1)).toEqual(['x', 'y', 'end'])
  })

  it('may be of what is scaled before', () => {
    const layers = between([node('Mul', ['x', 'two'], 'z'), ...steps(erfGelu.replaceAll('x', 'z'))])
    expect(layers).toMatchObject([
      { op: { kind: 'withConstant', constant: 2 } },
      { op: { activation: { fn: 'gelu' } }, inputs: [2] },
    ])
  })

  it.each([
    ['another layer reads a step', `${erfGelu}\nRelu(b) -> other`, 6],
    ['another layer reads what the function is of', `${erfGelu}\nRelu(a) -> other`, 6],
    ['the constant is another', erfGelu.replace('root', 'two'), 5],
    ['the factor is missing', erfGelu.replace('half', 'two'), 5],
    ['the gate is of another map', 'Relu(x) -> z\nSigmoid(z) -> a\nMul(x, a) -> y', 3],
    ['the threshold is small', 'Softplus(x) -> a\nGreater(x, six) -> b\nWhere(b, x, a) -> y', 3],
  ])('stay spelled out if %s', (_, text, count) => {
    const layers = read(steps(text)).network.layers.filter(
      ({ name }) => !['image', 'x', 'end'].includes(name),
    )
    expect(layers).toHaveLength(count)
  })

  it('stay spelled out if a step is an output', () => {
    const { network, outputs } = read(steps(erfGelu), {}, { outputs: ['b', 'end'] })
    expect(network.layers).toHaveLength(8)
    expect(outputs.get('b')!.layer).toBe(3)
  })

  it('leave outputs behind them where they are', () => {
    const { network, outputs } = read(steps(erfGelu))
    expect(network.layers[outputs.get('end')!.layer]!.name).toBe('end')
  })
})

describe('local response normalization', () => {
  const constants = (before: number, after: number): Readonly<Record<string, Numbers>> => ({
    axis: ints(1),
    pads: ints(0, 0, before, 0, 0, 0, 0, after, 0, 0),
    alpha: floats([], 0.25),
    beta: floats([], 0.75),
  })
  const nodes = (size: number, last = steps('Div(x, p) -> y')): readonly Node[] => [
    ...steps('Mul(x, x) -> a\nUnsqueeze(a, axis) -> b\nPad(b, pads) -> c'),
    node('AveragePool', ['c'], 'd', { kernel_shape: { ints: [size, 1, 1] } }),
    ...steps('Squeeze(d, axis) -> e\nMul(e, alpha) -> f\nAdd(f, two) -> g\nPow(g, beta) -> p'),
    ...last,
  ]

  it('is one layer', () => {
    expect(between(nodes(5), constants(2, 2))).toMatchObject([
      {
        name: 'y',
        className: 'LRN',
        op: { kind: 'lrn', size: 5, alpha: 0.25, beta: 0.75, base: 2 },
        inputs: [1],
        weights: [],
      },
    ])
  })

  it('has one more neighbour behind than in front, if their number is even', () => {
    expect(between(nodes(4), constants(1, 2))).toMatchObject([{ op: { kind: 'lrn', size: 4 } }])
  })

  it.each([
    ['of an even number, as PyTorch counts them', 4, constants(2, 1), undefined],
    ['of another map', 5, constants(2, 2), steps('Relu(x) -> z\nDiv(z, p) -> y')],
  ] as const)('%s stays spelled out', (_, size, arrays, last) => {
    const layers = between(nodes(size, last), arrays)
    expect(layers.flatMap(({ op }) => (op ? [op.kind] : []))).toEqual([
      'merge',
      'padChannels',
      'conv',
      'withConstant',
      'withConstant',
      'withConstant',
      ...(last ? ['activation'] : []),
      'merge',
    ])
  })
})
