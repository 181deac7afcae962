import { describe, expect, it } from 'vitest'
import { foldedSteps, singleSteps, type Step } from '../../../../src/core/model/folding/steps.ts'
import type { Network } from '../../../../src/core/model/network.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  type LayerSpec,
  networkOf,
  spec,
} from '../../../fixtures/kerasModels.ts'

const conv = (name: string, config = {}, inputs: readonly string[] = []) =>
  spec('Conv2D', name, { filters: 4, kernel_size: 3, ...config }, inputs)
const norm = (name: string, inputs: readonly string[] = []) => spec('BatchNormalization', name, {}, inputs)
const relu = (name: string, inputs: readonly string[] = []) => spec('ReLU', name, {}, inputs)

/** Each step as `before > base > behind fn`, of the names of layers; the input is left out. */
function shown(network: Network, taps: readonly string[], refused: readonly string[] = []): string[] {
  const indices = (names: readonly string[]) => names.map((name) => layerIndex(network, name))
  return foldedSteps(network, indices(taps), new Set(indices(refused)))
    .filter(({ base }) => base !== network.input)
    .map((step) => written(network, step))
}

function written(network: Network, { base, before, behind, op, activation }: Step): string {
  const names = (layers: readonly number[]) => layers.map((i) => network.layers[i]!.name)
  const own = 'activation' in op && op.activation.fn !== 'linear' ? [op.activation.fn] : []
  return [...names([...before, base, ...behind]), ...own, ...(activation ? [activation.fn] : [])].join(' ')
}

function graph(layers: readonly LayerSpec[]): Network {
  return networkOf(keras3FunctionalJson([inputSpec([12, 12, 3]), ...layers]))
}

describe('foldedSteps', () => {
  it.each([
    ['Conv2D', { filters: 4, kernel_size: 3, padding: 'same', groups: 3, strides: 2 }],
    ['DepthwiseConv2D', { kernel_size: 3, padding: 'same' }],
    ['SeparableConv2D', { filters: 4, kernel_size: 3 }],
    ['Conv2DTranspose', { filters: 4, kernel_size: 3, strides: 2 }],
    ['Dense', { units: 4 }],
  ])('puts a batch normalization and the activation behind it into a %s', (className, config) => {
    const filters = 'groups' in config ? { filters: 6 } : {}
    const network = chain(
      [12, 12, 3],
      [spec(className, 'a', { ...config, ...filters }), norm('b'), relu('c')],
    )
    expect(shown(network, ['c'])).toEqual(['a b relu'])
    const [step] = foldedSteps(network, [3]).slice(-1)
    expect(step).toMatchObject({ layer: 3, inputs: [0], base: 1, op: { bias: true } })
  })

  it('goes by the taps: what is looked at is a step of its own', () => {
    const network = chain([12, 12, 3], [conv('a'), norm('b'), relu('c'), conv('d'), relu('e')])
    expect(shown(network, ['e'])).toEqual(['a b relu', 'd relu'])
    expect(shown(network, ['b', 'e'])).toEqual(['a b', 'c relu', 'd relu'])
    expect(shown(network, ['a', 'e'])).toEqual(['a', 'b relu', 'd relu'])
    expect(shown(network, ['a', 'b', 'c', 'd', 'e'])).toEqual(['a', 'b', 'c relu', 'd', 'e relu'])
    expect(shown(network, ['b'])).toEqual(['a b'])
  })

  it('leaves a layer that is read twice as it is', () => {
    const network = graph([
      conv('a', {}, ['image']),
      norm('b', ['a']),
      relu('c', ['b']),
      spec('Add', 'd', {}, ['a', 'c']),
    ])
    expect(shown(network, ['d'])).toEqual(['a', 'b relu', 'd'])
    // Of both readers of `a` one is not needed.
    expect(shown(network, ['c'])).toEqual(['a b relu'])
  })

  it('puts an activation into a sum before it, and into a batch normalization that has to stay', () => {
    const network = graph([
      conv('a', {}, ['image']),
      norm('b', ['a']),
      conv('c', {}, ['image']),
      spec('Add', 'd', {}, ['b', 'c']),
      relu('e', ['d']),
      spec('MaxPooling2D', 'f', {}, ['e']),
      norm('g', ['f']),
      relu('h', ['g']),
      relu('i', ['h']),
    ])
    expect(shown(network, ['i'])).toEqual(['a b', 'c', 'd relu', 'f', 'g relu', 'i relu'])
  })

  it('folds nothing behind an activation into the convolution before', () => {
    const network = chain(
      [12, 12, 3],
      [conv('a', { activation: 'relu' }), norm('b'), conv('c', { padding: 'same' })],
    )
    expect(shown(network, ['c'])).toEqual(['a relu', 'b', 'c'])
    expect(shown(network, ['b'])).toEqual(['a relu', 'b'])
    const twice = chain([12, 12, 3], [conv('a', { activation: 'tanh' }), relu('b')])
    expect(shown(twice, ['b'])).toEqual(['a tanh', 'b relu'])
  })

  it('takes no softmax, which looks at all channels', () => {
    const network = chain([12, 12, 3], [conv('a'), spec('Softmax', 'b')])
    expect(shown(network, ['b'])).toEqual(['a', 'b softmax'])
  })

  it('puts what is affine before a convolution into it if no window hangs over the border', () => {
    const behind = (config: object) =>
      shown(chain([12, 12, 3], [spec('Normalization', 'a', { axis: -1 }), norm('b'), conv('c', config)]), [
        'c',
      ])
    expect(behind({ padding: 'valid' })).toEqual(['a b c'])
    expect(behind({ padding: 'same', kernel_size: 1 })).toEqual(['a b c'])
    // Steps as long as the window leave nothing over.
    expect(behind({ padding: 'same', kernel_size: 3, strides: 3 })).toEqual(['a b c'])
    expect(behind({ padding: 'same' })).toEqual(['a', 'b', 'c'])
    expect(behind({ padding: 'same', kernel_size: [1, 3] })).toEqual(['a', 'b', 'c'])
  })

  it('needs no care for the border if 0 stays 0', () => {
    const behind = (offset: number) =>
      shown(
        chain(
          [12, 12, 3],
          [spec('Rescaling', 'a', { scale: 1 / 255, offset }), conv('b', { padding: 'same' })],
        ),
        ['b'],
      )
    expect(behind(0)).toEqual(['a b'])
    expect(behind(-1)).toEqual(['a', 'b'])
  })

  it('puts nothing through a margin, nor into what has no weights', () => {
    const rescaling = spec('Rescaling', 'a', { scale: 2, offset: 1 })
    const network = chain([12, 12, 3], [rescaling, spec('ZeroPadding2D', 'b'), conv('c'), norm('d')])
    expect(shown(network, ['d'])).toEqual(['a', 'b', 'c d'])
    expect(shown(chain([12, 12, 3], [rescaling, spec('MaxPooling2D', 'b')]), ['b'])).toEqual(['a', 'b'])
  })

  it('has no step for what does nothing', () => {
    const drop = (name: string) => spec('Dropout', name, { rate: 0.5 })
    const network = chain(
      [12, 12, 3],
      [drop('a'), conv('b'), drop('c'), norm('d'), drop('e'), relu('f'), drop('g')],
    )
    expect(shown(network, ['g'])).toEqual(['b d relu'])
    expect(foldedSteps(network, [7]).map(({ layer, inputs }) => ({ layer, inputs }))).toEqual([
      { layer: 1, inputs: [] },
      { layer: 7, inputs: [1] },
    ])
    // Looked at, it gives what is before it under its own number.
    expect(shown(network, ['b', 'c', 'g'])).toEqual(['b', 'c', 'd relu'])
  })

  it('gives each call of a shared layer its own steps', () => {
    const shared = spec('Conv2D', 'a', { filters: 3, kernel_size: 1 })
    const call = (tensor: string) => ({
      args: [
        {
          class_name: '__keras_tensor__',
          config: { shape: [], dtype: 'float32', keras_history: [tensor, 0, 0] },
        },
      ],
      kwargs: {},
    })
    const json = keras3FunctionalJson([inputSpec([4, 4, 3]), norm('b', ['a']), norm('c', ['a'])]) as {
      config: { layers: { inbound_nodes: unknown }[] }
    }
    const [image, b, c] = json.config.layers as [unknown, { inbound_nodes: unknown }, unknown]
    const second = {
      class_name: '__keras_tensor__',
      config: { shape: [], dtype: 'float32', keras_history: ['a', 1, 0] },
    }
    const layers = [
      image,
      {
        class_name: 'Conv2D',
        name: 'a',
        config: { ...shared.config, name: 'a' },
        inbound_nodes: [call('image'), call('b')],
      },
      b,
      { ...(c as object), inbound_nodes: [{ args: [second], kwargs: {} }] },
    ]
    const network = networkOf({ ...json, config: { ...json.config, layers } })
    const steps = foldedSteps(network, [network.layers.length - 1]).slice(1)
    expect(steps.map(({ behind }) => behind.map((i) => network.layers[i]!.name))).toEqual([['b'], ['c']])
    expect(steps.map(({ base }) => network.layers[base]!.className)).toEqual(['Conv2D', 'Conv2D'])
  })

  it('leaves those that are refused', () => {
    const network = chain([12, 12, 3], [conv('a'), norm('b'), relu('c'), conv('d'), norm('e')])
    expect(shown(network, ['e'], ['b'])).toEqual(['a', 'b relu', 'd e'])
  })
})

describe('singleSteps', () => {
  it('has each layer that the taps need', () => {
    const network = chain([12, 12, 3], [conv('a'), norm('b'), relu('c')])
    expect(singleSteps(network, [2]).map(({ layer }) => layer)).toEqual([0, 1, 2])
  })
})
