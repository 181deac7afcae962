/** What a crop is made of, as plain data. */
import { describe, expect, it } from 'vitest'
import { kindOf } from '../../../src/core/model/kinds/index.ts'
import type { Network, OperationKind, SupportedLayer } from '../../../src/core/model/network.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { croppedNetwork } from '../../../src/core/reasons/croppedNetwork.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'

const conv = (name: string, more = {}, inputs: readonly string[] = []) =>
  spec('Conv2D', name, { filters: 4, kernel_size: 3, padding: 'same', activation: 'relu', ...more }, inputs)

const network = chain(
  [40, 31, 3],
  [
    conv('first'),
    spec('MaxPooling2D', 'pool', { pool_size: 2 }),
    conv('second', { strides: 2, kernel_size: 5 }),
    conv('third', { padding: 'valid' }),
  ],
)
const last = network.layers.length - 1

function boxOf(whole: Network, layer: number, row: number, column: number): number[] {
  const box = new UnitBoxes(whole, layer).box(row, column)
  const [height, width] = whole.inputShape
  return [Math.max(box[0], 0), Math.max(box[1], 0), Math.min(box[2], height), Math.min(box[3], width)]
}

describe('a crop', () => {
  it('reads the box of the unit, and has the shapes that its operations give', () => {
    const [rows, columns] = (network.layers[last] as SupportedLayer).shape as [number, number]
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const crop = croppedNetwork(network, last, [row, column])
        expect(crop.box).toEqual(boxOf(network, last, row, column))
        expect(crop.unit).toEqual([0, 0])
        for (const layer of crop.network.layers as readonly SupportedLayer[]) {
          const inputs = layer.inputs.map((i) => (crop.network.layers[i] as SupportedLayer).shape)
          const from = inputs.length > 0 ? inputs : [crop.network.inputShape]
          expect(kindOf<OperationKind>(layer.op).shape(layer.op, from)).toEqual(layer.shape)
        }
        expect((crop.network.layers[crop.layer] as SupportedLayer).shape).toEqual([1, 1, 4])
      }
  })

  it('is the same network for all units in the middle, and says where its maps begin', () => {
    const [a, b] = [croppedNetwork(network, last, [2, 2]), croppedNetwork(network, last, [3, 2])]
    expect(a.network).toEqual(b.network)
    expect(a.sourceOf).toEqual(network.layers.map((_, i) => i))
    // Strides of 2 each in the pool and in the second convolution.
    expect(b.startOf.map(([row], i) => row - a.startOf[i]![0])).toEqual([4, 4, 2, 1, 1])
    expect(b.box[0] - a.box[0]).toBe(4)
  })

  it('takes parts of a map that other layers need more of', () => {
    const whole = networkOf(
      keras3FunctionalJson([
        inputSpec([20, 20, 3]),
        conv('shared', {}, ['image']),
        conv('wide', { kernel_size: 7 }, ['shared']),
        spec('Add', 'sum', {}, ['shared', 'wide']),
      ]),
    )
    const crop = croppedNetwork(whole, whole.layers.length - 1, [10, 10])
    expect(crop.network.layers.map(({ name }) => name)).toEqual([
      'image',
      'shared',
      'wide',
      'shared (part)',
      'sum',
    ])
    expect(crop.network.layers[3]).toMatchObject({
      op: { kind: 'crop', rows: [3, 3], columns: [3, 3] },
      shape: [1, 1, 4],
    })
    expect(crop.sourceOf).toEqual([0, 1, 2, 1, 3])
    expect(crop.startOf[3]).toEqual([10, 10])
  })
})

describe('what cannot be cut', () => {
  const behind = networkOf(
    keras3FunctionalJson([
      inputSpec([24, 24, 3]),
      conv('map', {}, ['image']),
      spec('GlobalAveragePooling2D', 'squeeze', { keepdims: true }, ['map']),
      spec('Multiply', 'excited', {}, ['map', 'squeeze']),
      spec('Flatten', 'flat', {}, ['excited']),
      spec('Dense', 'outputs', { units: 3 }, ['flat']),
    ]),
  )

  it('makes all before it whole, though a field beyond it does not count', () => {
    const excited = layerIndex(behind, 'excited')
    expect(receptiveField(behind, excited)).toMatchObject({ whole: false, globalContext: true, size: [3, 3] })
    const crop = croppedNetwork(behind, excited, [5, 6])
    expect(crop.box).toEqual([0, 0, 24, 24])
    expect(crop.unit).toEqual([0, 0])
    expect((crop.network.layers[1] as SupportedLayer).shape).toEqual([24, 24, 4])
  })

  it('gives a vector of the whole image', () => {
    const crop = croppedNetwork(behind, behind.layers.length - 1, [0, 0])
    expect(crop.box).toEqual([0, 0, 24, 24])
    expect(crop.network.layers).toEqual(behind.layers)
  })
})
