/** @file Geometry of the map of a layer's channels, whose coordinates are numbers from 0 to 1. */

/** `[n, 2]`: x and y of each point. */
export type Points = Float32Array

/** The part of the map that marks may cover, and the least and largest mark in CSS pixels. */
const covered = 0.3
const leastMark = 10
const largestMark = 64

/** The side of a mark in CSS pixels, for so many on a map of this size. */
export function markSize(count: number, width: number, height: number): number {
  const side = Math.sqrt((covered * width * height) / Math.max(1, count))
  return Math.max(leastMark, Math.min(largestMark, Math.floor(side)))
}

/** How wide the map is that points are arranged for, in parts of its height, and how large marks are there: see `markSize`. */
export const arrangedWidth = 1.4

export function arrangedMark(count: number): number {
  return Math.sqrt((covered * arrangedWidth) / Math.max(1, count))
}

type Pairs = readonly (readonly [number, number])[]

/** Stretches points to fill a map of this width and a height of 1; points without extent lie in the middle. */
export function stretched(points: Pairs, width: number): [number, number][] {
  const along = (axis: 0 | 1, length: number): number[] => {
    const values = points.map((point) => point[axis])
    const low = Math.min(...values)
    const range = Math.max(...values) - low
    return values.map((value) => (range > 0 ? ((value - low) / range) * length : length / 2))
  }
  const down = along(1, 1)
  return along(0, width).map((x, i) => [x, down[i]!])
}

/** Turns points so that they spread most along x: the directions of a layout by distances have no meaning of their own. */
export function turned(points: Pairs): [number, number][] {
  const mx = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const my = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  let [xx, xy, yy] = [0, 0, 0]
  for (const [x, y] of points) {
    xx += (x - mx) ** 2
    xy += (x - mx) * (y - my)
    yy += (y - my) ** 2
  }
  // The angle of the principal axis.
  const angle = Math.atan2(2 * xy, xx - yy) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return points.map(([x, y]) => [(x - mx) * cos + (y - my) * sin, (y - my) * cos - (x - mx) * sin])
}

export type Direction = 'left' | 'right' | 'up' | 'down'

const towards: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}

/** How much farther a point counts for each step to the side. */
const aside = 2

/**
 * The index of the nearest point in a direction, out of those for which `isShown`; what lies aside counts as farther away. Null if
 * there is none within 60° of the direction. `aspect` is the map's width divided by its height.
 */
export function stepOnMap(
  points: Points,
  from: number,
  direction: Direction,
  aspect: number,
  isShown: (index: number) => boolean,
): number | null {
  const [dx, dy] = towards[direction]
  let best: number | null = null
  let least = Infinity
  for (let i = 0; i < points.length / 2; i++) {
    if (i === from || !isShown(i)) continue
    const x = (points[2 * i]! - points[2 * from]!) * aspect
    const y = points[2 * i + 1]! - points[2 * from + 1]!
    const along = x * dx + y * dy
    const across = Math.abs(x * dy) + Math.abs(y * dx)
    if (along <= 0 || across > along * Math.sqrt(3)) continue
    const distance = along + aside * across
    if (distance < least) [best, least] = [i, distance]
  }
  return best
}
