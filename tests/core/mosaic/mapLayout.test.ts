import { describe, expect, it } from 'vitest'
import { markSize, stepOnMap, stretched, turned } from '../../../src/core/mosaic/mapLayout.ts'
import { seeded } from '../../fixtures/random.ts'

describe('a layout', () => {
  const random = seeded(1)
  const cloud = Array.from({ length: 50 }, () => [random.next() * 0.2, random.next() * 9 + 4] as const)

  it('is turned so that it spreads along x, and no distance changes', () => {
    const found = turned(cloud)
    const variance = (axis: 0 | 1): number => found.reduce((sum, point) => sum + point[axis] ** 2, 0)
    expect(variance(0)).toBeGreaterThan(100 * variance(1))
    expect(found.reduce((sum, [x, y]) => sum + x * y, 0)).toBeCloseTo(0, 9)
    const distance = (of: readonly (readonly [number, number])[]) =>
      Math.hypot(of[3]![0] - of[8]![0], of[3]![1] - of[8]![1])
    expect(distance(found)).toBeCloseTo(distance(cloud), 12)
  })

  it('fills the map, and a line lies in its middle', () => {
    const found = stretched(cloud, 1.5)
    for (const [axis, length] of [
      [0, 1.5],
      [1, 1],
    ] as const) {
      const values = found.map((point) => point[axis])
      expect([Math.min(...values), Math.max(...values)]).toEqual([0, length])
    }
    expect(
      stretched(
        [
          [3, 2],
          [5, 2],
        ],
        1,
      ),
    ).toEqual([
      [0, 0.5],
      [1, 0.5],
    ])
  })

  it('has smaller marks the more there are, within limits', () => {
    expect([1, 64, 300, 2048, 1e6].map((count) => markSize(count, 800, 500))).toEqual([64, 43, 20, 10, 10])
  })
})

describe('a step on the map', () => {
  // Left, right, above, below, and one to the right that lies aside.
  const points = Float32Array.of(0.5, 0.5, 0.2, 0.5, 0.9, 0.55, 0.5, 0.1, 0.55, 0.9, 0.8, 0.2)
  const all = (): boolean => true

  it('leads to what is nearest in its direction', () => {
    expect((['left', 'right', 'up', 'down'] as const).map((to) => stepOnMap(points, 0, to, 1, all))).toEqual([
      1, 2, 3, 4,
    ])
  })

  it('leads past what is hidden, and nowhere if there is nothing', () => {
    expect(stepOnMap(points, 0, 'right', 1, (index) => index !== 2)).toBe(5)
    expect(stepOnMap(points, 1, 'left', 1, all)).toBeNull()
  })

  it('counts what is seen: a wide map has longer ways to the side', () => {
    const two = Float32Array.of(0, 0, 0.1, 0.2, 0.2, 0)
    expect([0.1, 3].map((aspect) => stepOnMap(two, 0, 'down', aspect, all))).toEqual([1, 1])
    expect(stepOnMap(Float32Array.of(0, 0, 0.3, 0.1), 0, 'down', 1, all)).toBeNull()
    expect(stepOnMap(Float32Array.of(0, 0, 0.3, 0.1), 0, 'down', 0.5, all)).toBe(1)
  })
})
