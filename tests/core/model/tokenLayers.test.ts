/** Tokens of vision transformers: the layers beside them, what their units see, and the seats that these have in the image. */
import { describe, expect, it } from 'vitest'
import type { Network, SupportedLayer } from '../../../src/core/model/network.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { ints, node, type Node, type Numbers, onnxModel, weights } from '../../fixtures/onnxWriter.ts'

/** An image of 9×12 pixels in patches of 3×3: three rows of four tokens with four channels. */
const embed = [
  node('Conv', ['image', 'w'], 'stem', { strides: { ints: [3, 3] } }),
  node('Reshape', ['stem', 'flat'], 'rows'),
  node('Transpose', ['rows'], 'tokens', { perm: { ints: [0, 2, 1] } }),
]

const attend = (x: string, y: string): Node[] => [
  node('MatMul', [x, 'wv'], `${y}_v`),
  node('Transpose', [x], `${y}_k`, { perm: { ints: [0, 2, 1] } }),
  node('MatMul', [x, `${y}_k`], `${y}_scores`),
  node('Softmax', [`${y}_scores`], `${y}_weights`),
  node('MatMul', [`${y}_weights`, `${y}_v`], `${y}_mixed`),
  node('Add', [x, `${y}_mixed`], y),
]

function networkOf(nodes: readonly Node[], constants: Readonly<Record<string, Numbers>> = {}): Network {
  const model = onnxModel({
    inputs: { image: [1, 3, 9, 12] },
    nodes,
    constants: { w: weights(4, 3, 3, 3), wv: weights(4, 4), flat: ints(1, 4, 12), ...constants },
  })
  return onnxNetwork(model, { inputSize: null }).network
}

function layer(network: Network, name: string): { index: number; shape: readonly number[] } {
  const index = network.layers.findIndex((one) => one.name === name)
  expect(index, name).toBeGreaterThan(-1)
  return { index, shape: (network.layers[index] as SupportedLayer).shape }
}

const joined = (...inputs: string[]): Node => node('Concat', inputs, 'all', { axis: { int: 1 } })

describe('tokens behind a class token', () => {
  const network = networkOf(
    [...embed, joined('class', 'tokens'), node('Relu', ['all'], 'act'), ...attend('act', 'y')],
    {
      class: weights(1, 1, 4),
    },
  )

  it('are a map of their own, with the class token apart', () => {
    expect(layer(network, 'act').shape).toEqual([13, 4])
    expect(whyNotScannable(network.layers[layer(network, 'act').index]!)).toBe(
      'its tokens are shown by layers of their own',
    )
    expect(layer(network, 'act (patches)').shape).toEqual([3, 4, 4])
    expect(layer(network, 'act (class token)').shape).toEqual([4])
    expect(network.layers[layer(network, 'act (class token)').index]).toHaveProperty(
      'note',
      'This token stands for no part of the image, so its patches are whole images.',
    )
    expect(layer(network, 'y (patches)').shape).toEqual([3, 4, 4])
    const scores = network.layers[layer(network, 'y_scores').index]!
    expect(whyNotScannable(scores)).not.toBeNull()
  })

  it('see their patches, until attention mixes them', () => {
    const { index } = layer(network, 'act (patches)')
    expect(receptiveField(network, index)).toMatchObject({ size: [3, 3], stride: [3, 3], whole: false })
    expect(receptiveField(network, index).seat).toBeUndefined()
    const boxes = new UnitBoxes(network, index)
    expect(boxes.box(1, 2)).toEqual([3, 6, 6, 9])
    expect(boxes.seat(1, 2)).toBeNull()
  })

  it.each(['y', 'y_mixed'])('then see the whole image, and keep their seats: %s', (name) => {
    const { index } = layer(network, `${name} (patches)`)
    expect(receptiveField(network, index)).toMatchObject({
      whole: true,
      size: [9, 12],
      seat: { size: [3, 3], stride: [3, 3] },
    })
    const boxes = new UnitBoxes(network, index)
    expect(boxes.box(1, 2)).toEqual([0, 0, 9, 12])
    expect(boxes.seat(1, 2)).toEqual([3, 6, 6, 9])
    expect(boxes.seat(2, 3)).toEqual([6, 9, 9, 12])
  })

  it('a class token has no seat', () => {
    const { index } = layer(network, 'y (class token)')
    expect(receptiveField(network, index)).toMatchObject({ whole: true })
    expect(new UnitBoxes(network, index).seat(0, 0)).toBeNull()
  })
})

it('tokens may have others before and behind them, and lose them again', () => {
  const network = networkOf(
    [
      ...embed,
      joined('two', 'tokens', 'one'),
      ...attend('all', 'y'),
      node('Slice', ['y', 'from', 'to', 'along'], 'rest'),
      node('Relu', ['rest'], 'z'),
    ],
    {
      two: weights(1, 2, 4),
      one: weights(1, 1, 4),
      from: ints(2),
      to: ints(14),
      along: ints(1),
    },
  )
  const names = network.layers.map(({ name }) => name).filter((name) => name.startsWith('y ('))
  expect(names).toEqual(['y (patches)', 'y (class token)', 'y (token 1)', 'y (token 14)'])
  expect(network.layers[layer(network, 'y (patches)').index]).toMatchObject({
    op: { first: 2, grid: [3, 4] },
  })
  expect(network.layers[layer(network, 'z (patches)').index]).toMatchObject({
    op: { first: 0, grid: [3, 4] },
  })
  expect(new UnitBoxes(network, layer(network, 'z (patches)').index).seat(2, 0)).toEqual([6, 0, 9, 3])
})

it('tokens alone stay a map, whose units keep their seats behind attention', () => {
  const network = networkOf([...embed, ...attend('tokens', 'y')])
  const { index, shape } = layer(network, 'y')
  expect(shape).toEqual([3, 4, 4])
  expect(receptiveField(network, index)).toMatchObject({
    whole: true,
    seat: { size: [3, 3], stride: [3, 3] },
  })
  expect(new UnitBoxes(network, index).seat(0, 3)).toEqual([0, 9, 3, 12])
})

it('places of several maps side by side are no tokens', () => {
  const network = networkOf([...embed, joined('tokens', 'tokens'), node('Relu', ['all'], 'y')])
  expect(network.layers[layer(network, 'y').index]).not.toHaveProperty('tokens')
  expect(network.layers.filter(({ name }) => name.startsWith('y ('))).toEqual([])
})

it('what pools a map away has no seats', () => {
  const network = networkOf([...embed, node('GlobalAveragePool', ['stem'], 'y')])
  const { index } = layer(network, 'y')
  expect(receptiveField(network, index).whole).toBe(true)
  expect(receptiveField(network, index).seat).toBeUndefined()
})
