/** @file The number of an image, by its path. */
import type { ImageTable } from './imageTable.ts'

/** Returns null if there is no such image. Paths are sorted, so a few of a million are looked at. */
export function imageNumber({ paths }: Pick<ImageTable, 'paths'>, path: string): number | null {
  let low = 0
  let high = paths.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (paths[middle]! < path) low = middle + 1
    else high = middle
  }
  return paths[low] === path ? low : null
}
