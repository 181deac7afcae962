/** @file Finds an image by its path, or by a part of it. */
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

/**
 * The image that a typed text means: the one with this path, or the only one with the text in its path, whatever the letters' case.
 * If there are several, their number; 0 if there is none.
 */
export function findImage(
  { paths }: Pick<ImageTable, 'paths'>,
  text: string,
): { readonly path: string } | { readonly several: number } {
  const typed = text.trim()
  if (imageNumber({ paths }, typed) !== null) return { path: typed }
  const wanted = typed.toLowerCase()
  const like = wanted === '' ? [] : paths.filter((path) => path.toLowerCase().includes(wanted))
  return like.length === 1 ? { path: like[0]! } : { several: like.length }
}
