import { describe, expect, it } from 'vitest'
import { nearestUnit } from '../../../src/core/mosaic/nearestUnit.ts'
import type { Network, Pair, SupportedLayer } from '../../../src/core/model/network.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { chain, exerciseNetwork, layerIndex, spec } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

/** The distances of all units' centres to a point, by looking at each unit's box. */
function distances(network: Network, layer: number, [row, column]: Pair): Map<string, number> {
  const boxes = new UnitBoxes(network, layer)
  const [rows, columns] = mapSize((network.layers[layer] as SupportedLayer).shape)
  const found = new Map<string, number>()
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const [top, left, bottom, right] = boxes.box(r, c)
      found.set(`${r},${c}`, Math.hypot((top + bottom) / 2 - row, (left + right) / 2 - column))
    }
  return found
}

describe('the nearest unit to a point', () => {
  it('is the one whose field’s centre is nearest, of all units', () => {
    const network = exerciseNetwork()
    const [height, width] = network.inputShape
    const random = seeded(3)
    let tested = 0
    for (const [layer, { op }] of network.layers.entries()) {
      if (op === null || receptiveField(network, layer).whole) continue
      for (let i = 0; i < 12; i++) {
        const at: Pair = [(random.next() * 1.2 - 0.1) * height, (random.next() * 1.2 - 0.1) * width]
        const all = distances(network, layer, at)
        const own = all.get(String(nearestUnit(network, layer, at)))!
        expect(own, `${layer} at ${String(at)}`).toBeCloseTo(Math.min(...all.values()), 9)
        tested++
      }
    }
    expect(tested).toBeGreaterThan(100)
  })

  it('of a layer that was enlarged is its share of the place that several have', () => {
    const network = chain(
      [12, 12, 3],
      [
        spec('Conv2D', 'small', { filters: 2, kernel_size: [3, 3], strides: [3, 3] }),
        spec('UpSampling2D', 'large', { size: [3, 3], interpolation: 'nearest' }),
      ],
    )
    expect(nearestUnit(network, layerIndex(network, 'small'), [5.9, 6.1])).toEqual([1, 2])
    expect(nearestUnit(network, layerIndex(network, 'large'), [5.9, 6.1])).toEqual([5, 6])
  })

  it('is the only one of a dense layer, and none of a map whose units stand for no places', () => {
    const network = chain(
      [6, 6, 3],
      [
        spec('GlobalAveragePooling2D', 'pool'),
        spec('Dense', 'dense', { units: 2 }),
        spec('Reshape', 'again', { target_shape: [1, 2, 1] }),
      ],
    )
    expect(nearestUnit(network, layerIndex(network, 'dense'), [1, 5])).toEqual([0, 0])
    expect(nearestUnit(network, layerIndex(network, 'again'), [1, 5])).toBeNull()
  })
})
