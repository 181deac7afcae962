/** @file How many images each class has. */
import type { ImageTable } from './imageTable.ts'

export interface ClassCount {
  readonly name: string
  readonly images: number
}

/** Counts the images of each class. The result is in the order of `classNames`. */
export function countClasses({
  classNames,
  classOf,
}: Pick<ImageTable, 'classNames' | 'classOf'>): ClassCount[] {
  const counts = new Uint32Array(classNames.length)
  for (const classNumber of classOf) if (classNumber >= 0) counts[classNumber]!++
  return classNames.map((name, i) => ({ name, images: counts[i]! }))
}
