import { describe, expect, it } from 'vitest'
import type { Pair } from '../../../src/core/model/network.ts'
import { recurrence, unitTrace } from '../../../src/core/model/trace.ts'
import { howItGrows, recurrenceSentence } from '../../../src/ui/model/recurrenceText.ts'
import { drawTrace, positionOn, seatOn } from '../../../src/ui/model/traceGeometry.ts'
import { regionSize, type TraceGroup, traceGroups } from '../../../src/ui/model/traceGroups.ts'
import {
  chain,
  exerciseNetwork,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'

const exercise = exerciseNetwork()
const conv5 = layerIndex(exercise, 'conv2d_5')

function exerciseGroups(all: boolean): TraceGroup[] {
  return traceGroups(exercise, unitTrace(exercise, conv5, [0, 0]), all)
}

describe('the way of an ur-patch', () => {
  it('of the exercise has the sheets and regions of its drawing', () => {
    const groups = exerciseGroups(false)
    expect(groups.map(({ region }) => regionSize(region)[0])).toEqual([20, 18, 16, 14, 7, 5, 3, 1])
    expect(groups.map(({ map }) => map[0])).toEqual([96, 94, 92, 90, 45, 43, 41, 39])
    expect(groups.map(({ layers }) => layers.length)).toEqual([2, 1, 1, 1, 1, 1, 1, 1])
  })

  it('has every layer apart where all are wanted', () => {
    const layers = exerciseGroups(true).map((group) => group.layers)
    expect(layers).toEqual(unitTrace(exercise, conv5, [0, 0]).map(({ layer }) => [layer]))
  })

  it('counts the branches that meet, and none that only carries statistics', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([12, 12, 3]),
        spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }, ['image']),
        spec('GlobalAveragePooling2D', 'squeeze', { keepdims: true }, ['conv']),
        spec('Multiply', 'scale', {}, ['conv', 'squeeze']),
        spec('Add', 'join', {}, ['conv', 'scale']),
      ]),
    )
    const joins = (name: string): number => {
      const index = layerIndex(network, name)
      return traceGroups(network, unitTrace(network, index, [5, 5]), true).at(-1)!.joins
    }
    expect([joins('scale'), joins('join')]).toEqual([1, 2])
    const rows = recurrence(network, layerIndex(network, 'join'))
    expect(rows.map((_, i) => howItGrows(network, rows, i))).toEqual([
      'a pixel is a pixel',
      '1 + (3 − 1) · 1 = 3',
      'stays 3×3',
      'joins 2 branches: together they see 3×3',
    ])
  })
})

describe('the drawing', () => {
  const inside = (points: readonly (readonly [number, number])[], width: number, height: number): boolean =>
    points.every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height)

  it('has room for every sheet, one beside the other', () => {
    const { sheets, width, height } = drawTrace(exerciseGroups(false), [96, 96])
    expect(sheets.every(({ corners, outline }) => inside([...corners, ...outline], width, height))).toBe(true)
    for (const [i, { corners }] of sheets.slice(1).entries())
      expect(corners[0]![0]).toBeGreaterThan(sheets[i]!.corners[1]![0])
  })

  it('shows the region of the input to scale', () => {
    const { corners, seen, hangs } = drawTrace(exerciseGroups(false), [96, 96]).sheets[0]!
    expect((seen![3]![1] - seen![0]![1]) / (corners[3]![1] - corners[0]![1])).toBeCloseTo(20 / 96)
    expect((seen![1]![0] - seen![0]![0]) / (corners[1]![0] - corners[0]![0])).toBeCloseTo(20 / 96)
    expect(hangs).toBe(false)
  })

  it('marks what hangs over the edge, and stays within its room', () => {
    const network = chain(
      [40, 40, 3],
      Array.from({ length: 12 }, (_, i) =>
        spec('Conv2D', `conv_${i}`, { filters: 2, kernel_size: 9, padding: 'same' }),
      ),
    )
    const groups = traceGroups(network, unitTrace(network, 12, [0, 0]), false)
    const { sheets, width, height } = drawTrace(groups, [40, 40])
    expect(sheets.map(({ hangs }) => hangs)).toEqual([...Array(12).fill(true), false])
    expect(sheets.every(({ outline }) => inside(outline, width, height))).toBe(true)
  })
})

describe('the recurrence in words', () => {
  it('of the exercise has the numbers of the homework', () => {
    const rows = recurrence(exercise, conv5)
    expect(recurrenceSentence(exercise, rows)).toBe(
      'conv2d_5 (3×3, stride 1): 16 + (3 − 1) · 2 = 20. A unit sees 20×20 pixels of the input; from unit to unit they move by 2.',
    )
  })

  it('has dilation, sides that differ, upsampling and the whole image', () => {
    const network = chain(
      [40, 40, 3],
      [
        spec('Conv2D', 'flat', { filters: 2, kernel_size: [3, 5], strides: [2, 1] }),
        spec('Conv2D', 'dilated', { filters: 2, kernel_size: 3, dilation_rate: 2 }),
        spec('UpSampling2D', 'up', { size: 2 }),
        spec('GlobalMaxPooling2D', 'pool'),
      ],
    )
    const rows = recurrence(network, layerIndex(network, 'pool'))
    expect(rows.map((_, i) => howItGrows(network, rows, i)).slice(1)).toEqual([
      '1 + (3 − 1) · 1 = 3 and 1 + (5 − 1) · 1 = 5',
      '3 + (3 − 1) · 2 · 2 = 11 and 5 + (3 − 1) · 2 · 1 = 9',
      'stays 11×9, step 1×0.5',
      'every unit depends on the whole image',
    ])
    expect(recurrenceSentence(network, rows)).toBe('pool: every unit depends on the whole image.')
  })
})

describe('a point of the drawing', () => {
  const { sheets } = drawTrace(exerciseGroups(false), [96, 96])

  it('has a position on a sheet, and none beside it', () => {
    for (const { corners } of sheets) {
      const [topLeft, topRight, bottomRight, bottomLeft] = corners as [Pair, Pair, Pair, Pair]
      const at = (row: number, column: number): Pair => [
        topLeft[0] + column * (topRight[0] - topLeft[0]),
        topLeft[1] + column * (topRight[1] - topLeft[1]) + row * (bottomLeft[1] - topLeft[1]),
      ]
      expect(at(1, 1)[0]).toBeCloseTo(bottomRight[0])
      expect(at(1, 1)[1]).toBeCloseTo(bottomRight[1])
      for (const [row, column] of [
        [0.1, 0.9],
        [0.5, 0.5],
        [0.99, 0.01],
      ] as const) {
        const position = positionOn({ corners }, at(row, column))!
        expect(position[0]).toBeCloseTo(row)
        expect(position[1]).toBeCloseTo(column)
      }
      for (const [row, column] of [
        [-0.1, 0.5],
        [1.1, 0.5],
        [0.5, -0.1],
        [0.5, 1.1],
      ] as const)
        expect(positionOn({ corners }, at(row, column))).toBeNull()
    }
  })

  it('is a corner of a seat that begins there', () => {
    const [{ corners }] = sheets as [(typeof sheets)[number]]
    const seat = seatOn({ corners }, [24, 36, 48, 96], [96, 96])
    const inside = ([x, y]: Pair): Pair => positionOn({ corners }, [x + 1e-6, y + 1e-6])!
    expect(inside(seat[0] as Pair).map((share) => share * 96)).toEqual([
      expect.closeTo(24, 3),
      expect.closeTo(36, 3),
    ])
    // Rows go down, columns to the right and up.
    expect(seat[1]![0] - seat[0]![0]).toBeCloseTo(((corners[1]![0] - corners[0]![0]) * 60) / 96)
    expect(seat[3]![1] - seat[0]![1]).toBeCloseTo(((corners[3]![1] - corners[0]![1]) * 24) / 96)
    expect(seat[2]).toEqual([
      expect.closeTo(seat[1]![0]),
      expect.closeTo(seat[3]![1] + seat[1]![1] - seat[0]![1]),
    ])
  })
})
