/** Cells of units, against receptive fields of single units. */
import { describe, expect, it } from 'vitest'
import { seenBy } from '../../../src/core/model/backwards.ts'
import type { Network, SupportedLayer } from '../../../src/core/model/network.ts'
import { placesOf } from '../../../src/core/model/places.ts'
import { UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import {
  cellOf,
  gridBox,
  type HeatGrid,
  heatGrid,
  seesNearlyAll,
  unitUnder,
} from '../../../src/core/mosaic/heatGrid.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'

const conv = (name: string, size: number, more = {}) =>
  spec('Conv2D', name, { filters: 2, kernel_size: size, ...more })

const networks: Readonly<Record<string, Network>> = {
  'convolutions and pools': chain(
    [41, 38, 3],
    [
      conv('valid', 3),
      conv('same', 5, { padding: 'same' }),
      conv('strided', 3, { strides: 2, padding: 'same' }),
      spec('MaxPooling2D', 'pool', { pool_size: 2 }),
      conv('dilated', 3, { dilation_rate: 2 }),
      conv('point', 1),
    ],
  ),
  'steps larger than the field': chain(
    [23, 31, 3],
    [
      conv('points', 1, { strides: 3 }),
      conv('pairs', 2, { strides: [2, 1] }),
      conv('behind', 3, { padding: 'same' }),
    ],
  ),
  'margins and cuts': chain(
    [20, 17, 3],
    [
      spec('ZeroPadding2D', 'margin', {
        padding: [
          [4, 1],
          [0, 3],
        ],
      }),
      conv('on_margin', 3),
      spec('Cropping2D', 'cut', {
        cropping: [
          [2, 3],
          [1, 0],
        ],
      }),
      conv('behind', 3),
    ],
  ),
  'two branches': networkOf(
    keras3FunctionalJson([
      inputSpec([24, 22, 3]),
      spec('Conv2D', 'small', { filters: 2, kernel_size: 1 }, ['image']),
      spec('Conv2D', 'large', { filters: 2, kernel_size: 7, padding: 'same' }, ['image']),
      spec('Add', 'sum', {}, ['small', 'large']),
    ]),
  ),
}
const enlarged = chain(
  [16, 16, 3],
  [
    conv('strided', 4, { strides: 4 }),
    spec('UpSampling2D', 'twice', { size: 2 }),
    conv('behind', 3, { padding: 'same' }),
    spec('Conv2DTranspose', 'transposed', { filters: 2, kernel_size: 3, strides: 2 }),
  ],
)

const cases = Object.entries({ ...networks, enlarged }).flatMap(([what, network]) =>
  network.layers.flatMap(({ name, op }, layer) =>
    op === null || layer === 0 ? [] : [[what, name, network, layer] as const],
  ),
)

function gridOf(network: Network, layer: number): HeatGrid {
  return heatGrid(network, layer) as HeatGrid
}

it.each(cases)(
  '%s, %s: what lies in a cell is what its unit sees, and nothing lies in two',
  (_, __, network, layer) => {
    const grid = gridOf(network, layer)
    const boxes = new UnitBoxes(network, layer)
    const [height, width] = network.inputShape
    let found = 0
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const unit = unitUnder(grid, [y + 0.5, x + 0.5])
        if (!unit) continue
        found++
        const [top, left, bottom, right] = boxes.box(...unit)
        expect(y >= top && y < bottom && x >= left && x < right, `${unit.join()} at ${y}, ${x}`).toBe(true)
      }
    expect(found).toBeGreaterThan(0)
    for (const cells of [grid.rows, grid.columns])
      for (const [i, [start, end]] of cells.entries()) {
        expect(end).toBeGreaterThan(start)
        if (i > 0) expect(start).toBeGreaterThanOrEqual(cells[i - 1]![1] - 1e-9)
      }
  },
)

const even = Object.entries(networks).flatMap(([what, network]) =>
  network.layers.flatMap(({ name }, layer) => (layer === 0 ? [] : [[what, name, network, layer] as const])),
)

it.each(even)('%s, %s: the middle of a cell is that of the field', (what, _, network, layer) => {
  const grid = gridOf(network, layer)
  const [rows, columns] = placesOf(network.layers[layer] as SupportedLayer)
  expect([grid.rows.length, grid.columns.length]).toEqual([rows, columns])
  for (const [axis, cells] of [grid.rows, grid.columns].entries())
    for (const [unit, [start, end]] of cells.entries()) {
      const [from, to] = seenBy(network, layer, axis as 0 | 1, unit, false).get(network.input) as [
        number,
        number,
      ]
      // At the edge of the image a unit may see less than what its windows cover: between their steps lies nothing.
      const isCut = what === 'steps larger than the field' && (from < 0 || to > network.inputShape[axis]!)
      if (isCut) expect((from + to) / 2 - start).toBeGreaterThan(0)
      else expect((start + end) / 2).toBe((from + to) / 2)
    }
})

describe('a map', () => {
  it('is put there at once if its cells leave no gap', () => {
    const network = networks['convolutions and pools']!
    const strided = gridOf(network, layerIndex(network, 'strided'))
    // The field of a unit is 9 pixels in steps of 2; it begins 3 rows and 2 columns outside of the image.
    expect(cellOf(strided, [1, 3])).toEqual([2.5, 7.5, 4.5, 9.5])
    expect(gridBox(strided)).toEqual({ box: [0.5, 1.5, 40.5, 37.5], isDense: true })
    const gaps = networks['steps larger than the field']!
    const points = gridOf(gaps, layerIndex(gaps, 'points'))
    expect(points.rows.slice(0, 2)).toEqual([
      [0, 1],
      [3, 4],
    ])
    expect(gridBox(points)).toEqual({ box: [0, 0, 22, 31], isDense: false })
    expect(unitUnder(points, [3.2, 6.9])).toEqual([1, 2])
    expect(unitUnder(points, [3.2, 7.1])).toBeNull()
  })

  it('that is enlarged shares the places of the smaller one', () => {
    const grid = gridOf(enlarged, layerIndex(enlarged, 'twice'))
    expect(grid.rows).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
      [8, 10],
      [10, 12],
      [12, 14],
      [14, 16],
    ])
    expect(gridBox(grid)).toEqual({ box: [0, 0, 16, 16], isDense: true })
  })

  it('is none if a channel has one unit, and has no places behind what mixes them', () => {
    const network = chain(
      [8, 8, 3],
      [
        conv('map', 3),
        spec('GlobalAveragePooling2D', 'means'),
        spec('Dense', 'dense', { units: 32 }),
        spec('Reshape', 'again', { target_shape: [4, 4, 2] }),
      ],
    )
    expect(heatGrid(network, layerIndex(network, 'means'))).toBe('single')
    expect(heatGrid(network, layerIndex(network, 'dense'))).toBe('single')
    expect(heatGrid(network, layerIndex(network, 'again'))).toBe('placeless')
  })
})

it('a unit sees nearly all from 90 % of both sides on', () => {
  expect(seesNearlyAll({ size: [90, 180], whole: false }, [100, 200])).toBe(true)
  expect(seesNearlyAll({ size: [89, 200], whole: false }, [100, 200])).toBe(false)
  expect(seesNearlyAll({ size: [100, 179], whole: false }, [100, 200])).toBe(false)
  expect(seesNearlyAll({ size: [427, 427], whole: false }, [224, 224])).toBe(true)
  expect(seesNearlyAll({ size: [224, 224], whole: true }, [224, 224])).toBe(true)
})
