/** The way back through each kind of layer, against central differences in double precision. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Activation, Arithmetic, Operation, OperationOf } from '../../../src/core/model/network.ts'
import { plainActivations } from '../../../src/core/model/network.ts'
import { useBackend } from '../../../src/engine/backend/tfjsBackend.ts'
import {
  chooseConvolutions,
  type Convolutions,
} from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { largestError } from './gradients.ts'
import { networkOfLayers } from './oracle.ts'

const plain = {
  kernel: [3, 3],
  strides: [1, 1],
  padding: 'valid',
  dilation: [1, 1],
  bias: true,
  activation: { fn: 'linear' },
} as const
const conv = (more: Partial<OperationOf<'conv'>> = {}): Operation => ({
  ...plain,
  kind: 'conv',
  filters: 6,
  groups: 1,
  ...more,
})
const margins = { rows: [2, 0], columns: [1, 3] } as const

describe.each<[string, 'wasm' | 'webgl', Convolutions]>([
  ['our kernels', 'wasm', 'fast'],
  ['tfjs on WASM', 'wasm', 'tfjs'],
  ['WebGL', 'webgl', 'fast'],
])('%s', (_, backend, convolutions) => {
  beforeAll(async () => {
    await useBackend(backend)
    chooseConvolutions(convolutions)
    return () => chooseConvolutions('fast')
  })

  const single = (op: Operation, shape: readonly [number, number, number] = [7, 6, 4]): number =>
    largestError({ network: networkOfLayers(shape, [[op, [0]]]) })

  describe('convolutions', () => {
    it.each<[string, Partial<OperationOf<'conv'>>]>([
      ['plain', {}],
      ['same', { padding: 'same' }],
      ['with margins', { padding: margins }],
      ['with margins wider than the kernel', { padding: { rows: [4, 5], columns: [3, 4] }, kernel: [2, 3] }],
      ['1×1', { kernel: [1, 1] }],
      ['1×1 in steps', { kernel: [1, 1], strides: [2, 2], padding: 'same' }],
      ['in steps', { strides: [2, 3] }],
      ['in steps, same', { strides: [2, 2], padding: 'same' }],
      ['in steps larger than the kernel', { strides: [3, 4], kernel: [2, 2], padding: 'same' }],
      ['5×4 in steps with margins', { kernel: [5, 4], strides: [3, 2], padding: margins }],
      ['dilated', { dilation: [2, 1] }],
      ['dilated, same', { dilation: [3, 2], padding: 'same' }],
      ['dilated in steps', { dilation: [2, 3], strides: [2, 2], padding: 'same' }],
      ['in groups', { groups: 2 }],
      ['in groups, in steps', { groups: 2, strides: [2, 1], padding: 'same' }],
      ['a group for each channel', { groups: 4, filters: 4, padding: 'same' }],
      ['a group for each channel, two filters in each', { groups: 4, filters: 8 }],
      ['with ReLU', { activation: { fn: 'relu' } }],
      ['with SiLU', { activation: { fn: 'silu' }, bias: false }],
      ['with a leaky ReLU', { activation: { fn: 'leaky_relu', slope: 0.2 } }],
    ])('%s', (_name, more) => {
      expect(single(conv(more))).toBeLessThan(5e-6)
    })

    it.each<[string, number, Partial<OperationOf<'depthwiseConv'>>]>([
      ['plain', 1, {}],
      ['same, in steps', 1, { strides: [2, 2], padding: 'same' }],
      ['uneven steps', 1, { strides: [2, 3], padding: margins }],
      ['dilated', 1, { dilation: [2, 2], padding: 'same' }],
      ['with a multiplier', 2, { padding: 'same', activation: { fn: 'tanh' } }],
      ['with a multiplier, in steps', 3, { strides: [2, 2], padding: 'same' }],
    ])('depthwise, %s', (_name, multiplier, more) => {
      expect(single({ ...plain, kind: 'depthwiseConv', multiplier, ...more })).toBeLessThan(5e-6)
    })

    it.each([1, 2])('separable with a multiplier of %i', (multiplier) => {
      const op = { kind: 'separableConv', filters: 6, multiplier, padding: 'same' } as const
      expect(single({ ...plain, ...op, activation: { fn: 'gelu' } })).toBeLessThan(5e-6)
    })

    it.each<[string, Partial<OperationOf<'transposedConv'>>]>([
      ['plain', {}],
      ['in steps', { strides: [2, 2] }],
      ['in steps, same', { strides: [2, 2], padding: 'same' }],
      ['in steps larger than the kernel', { strides: [3, 3], kernel: [2, 2] }],
      ['dilated', { dilation: [2, 2] }],
      [
        'with margins',
        { strides: [2, 2], padding: { rows: [1, 1], columns: [1, 1] }, outputPadding: [1, 1] },
      ],
    ])('transposed, %s', (_name, more) => {
      const op = { kind: 'transposedConv', filters: 6, outputPadding: null } as const
      const activation = { fn: 'relu' } as const
      expect(single({ ...plain, ...op, activation, ...more }, [4, 5, 4])).toBeLessThan(5e-6)
    })
  })

  describe('activations', () => {
    const all: Activation[] = [
      ...plainActivations.map((fn) => ({ fn })),
      { fn: 'leaky_relu', slope: 0.3 },
      { fn: 'leaky_relu', slope: -0.3 },
      { fn: 'elu_alpha', alpha: 0.5 },
      { fn: 'general_relu', max: 1, slope: 0.1, threshold: 0.2 },
      { fn: 'general_relu', max: null, slope: 0.1, threshold: -0.5 },
      { fn: 'general_relu', max: 6, slope: 0, threshold: 0 },
    ]
    it.each(all.map((activation) => [JSON.stringify(activation), activation] as const))(
      '%s',
      (_name, activation) => {
        expect(single({ kind: 'activation', activation })).toBeLessThan(5e-6)
        expect(single({ kind: 'activation', activation }, [1, 2, 3])).toBeLessThan(5e-6)
      },
    )

    it.each<[string, readonly number[]]>([
      ['one slope each', []],
      ['shared along rows', [1]],
      ['shared along rows and columns', [1, 2]],
    ])('PReLU, %s', (_name, sharedAxes) => {
      expect(single({ kind: 'prelu', sharedAxes })).toBeLessThan(5e-6)
    })
  })

  describe('pooling', () => {
    const pool = (more: Partial<OperationOf<'pool'>>): Operation => ({
      kind: 'pool',
      reduce: 'max',
      kernel: [3, 2],
      strides: [2, 2],
      padding: 'valid',
      ...more,
    })
    describe.each(['max', 'average'] as const)('%s', (reduce) => {
      it.each<[string, Partial<OperationOf<'pool'>>]>([
        ['plain', {}],
        ['same', { padding: 'same' }],
        ['windows that overlap', { strides: [1, 1], padding: 'same' }],
        ['uneven steps', { strides: [1, 3], padding: 'same' }],
        ['margins', { padding: { rows: [1, 2], columns: [1, 0] } }],
        ['dilated', { strides: [1, 1], dilation: [2, 2] }],
        ['dilated, same', { strides: [2, 2], dilation: [2, 2], padding: 'same' }],
        ['steps larger than the window', { kernel: [2, 2], strides: [3, 4] }],
      ])('%s', (_name, more) => {
        expect(single(pool({ reduce, ...more }))).toBeLessThan(5e-6)
        // No whole number of vectors.
        expect(single(pool({ reduce, ...more }), [9, 8, 3])).toBeLessThan(5e-6)
        expect(single(pool({ reduce, ...more }), [6, 7, 5])).toBeLessThan(5e-6)
      })
      it.each([true, false])('of the whole map, keepDims %s', (keepDims) => {
        expect(single({ kind: 'globalPool', reduce, keepDims })).toBeLessThan(5e-6)
      })
    })
    it.each([undefined, [2, 2] as const])('zeros that count, dilation %s', (dilation) => {
      const around = { rows: [1, 1], columns: [1, 0] } as const
      const rest = { reduce: 'average', counted: around, strides: [1, 2] } as const
      const padding = { rows: [1, 2], columns: [1, 1] } as const
      expect(single(pool({ ...rest, padding, ...(dilation ? { dilation } : {}) }))).toBeLessThan(5e-6)
    })
  })

  it.each<[string, Operation]>([
    ['batch normalization', { kind: 'batchNorm', axis: -1, epsilon: 1e-3, scale: true, center: true }],
    ['without scale', { kind: 'batchNorm', axis: -1, epsilon: 1e-3, scale: false, center: false }],
    ['normalization', { kind: 'normalization', constants: null, invert: false }],
    ['inverted', { kind: 'normalization', constants: { mean: [1], variance: [3] }, invert: true }],
    ['rescale', { kind: 'rescale', scale: [1, -2, 3, 0.5], offset: [1] }],
    ['flatten', { kind: 'flatten', channelsFirst: false }],
    ['flatten, channels first', { kind: 'flatten', channelsFirst: true }],
    ['reshape', { kind: 'reshape', target: [3, -1, 7] }],
    ['identity', { kind: 'identity' }],
    ['crop', { kind: 'crop', rows: [1, 2], columns: [0, 3] }],
    ['dense on a vector', { kind: 'dense', units: 5, bias: false, activation: { fn: 'relu' } }],
    ['dense on a map', { kind: 'dense', units: 5, bias: true, activation: { fn: 'sigmoid' } }],
  ])('%s', (name, op) => {
    const flat: Operation = { kind: 'flatten', channelsFirst: false }
    const layers = name.endsWith('vector')
      ? ([
          [flat, [0]],
          [op, [1]],
        ] as const)
      : ([[op, [0]]] as const)
    expect(largestError({ network: networkOfLayers([7, 6, 4], layers) })).toBeLessThan(5e-6)
  })

  it.each(['constant', 'reflect', 'symmetric', 'edge', 'wrap'] as const)('pad, %s', (mode) => {
    expect(single({ kind: 'pad', rows: [2, 3], columns: [1, 0], mode, value: 2 })).toBeLessThan(5e-6)
    expect(single({ kind: 'pad', rows: [0, 1], columns: [4, 5], mode, value: 2 })).toBeLessThan(5e-6)
  })

  describe('several inputs', () => {
    const positive = (filters: number): Operation =>
      conv({ kernel: [1, 1], filters, activation: { fn: 'softplus' } })
    const fns: Arithmetic[] = [
      'add',
      'subtract',
      'multiply',
      'divide',
      'maximum',
      'minimum',
      'average',
      'power',
    ]
    it.each(fns)('%s', (fn) => {
      const layers = [
        [positive(5), [0]],
        [positive(5), [0]],
        [{ kind: 'merge', fn } satisfies Operation, [1, 2]],
      ] as const
      expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1, 2] })).toBeLessThan(5e-6)
    })
    it.each(fns)('%s of a map and one number a channel', (fn) => {
      const means: Operation = { kind: 'globalPool', reduce: 'average', keepDims: false }
      const layers = [
        [positive(5), [0]],
        [positive(5), [0]],
        [means, [2]],
        [{ kind: 'merge', fn } satisfies Operation, [1, 3]],
        [{ kind: 'merge', fn } satisfies Operation, [3, 1]],
        [{ kind: 'merge', fn: 'add' } satisfies Operation, [4, 5]],
      ] as const
      expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1, 3] })).toBeLessThan(5e-6)
    })
    it.each(['add', 'average', 'multiply', 'maximum', 'minimum'] as const)(
      '%s of three, one of them twice',
      (fn) => {
        const layers = [
          [positive(5), [0]],
          [positive(1), [0]],
          [{ kind: 'merge', fn } satisfies Operation, [1, 2, 1]],
        ] as const
        expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1, 2] })).toBeLessThan(
          5e-6,
        )
      },
    )
    it('add scaled', () => {
      const layers = [
        [positive(5), [0]],
        [positive(5), [0]],
        [{ kind: 'addScaled', scale: 0.3 } satisfies Operation, [1, 2]],
      ] as const
      expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1, 2] })).toBeLessThan(5e-6)
    })
    it.each([-1, 1, 2])('concat along axis %i', (axis) => {
      const layers = [
        [positive(5), [0]],
        [positive(5), [0]],
        [{ kind: 'concat', axis } satisfies Operation, [1, 2, 1]],
      ] as const
      expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1, 2] })).toBeLessThan(5e-6)
    })
    it.each(fns.filter((fn) => fn !== 'average'))('%s with a constant', (fn) => {
      for (const constant of [1.7, { shape: [5] }])
        for (const constantFirst of [true, false]) {
          // Weights are noise around 0, of which only whole powers are known.
          if (fn === 'power' && typeof constant !== 'number' && constantFirst) continue
          const layers = [
            [positive(5), [0]],
            [{ kind: 'withConstant', fn, constant, constantFirst } satisfies Operation, [1]],
          ] as const
          expect(largestError({ network: networkOfLayers([4, 3, 4], layers), to: [0, 1] })).toBeLessThan(5e-6)
        }
    })
  })
})
