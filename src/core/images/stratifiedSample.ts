/** @file Picks a few images that stand for all: evenly over the classes, and within a class evenly over its images. */
import type { ImageTable } from './imageTable.ts'

/** At most `count` image numbers, ascending. Images without a class count as a class of their own. */
export function stratifiedSample(
  { order, classOf }: Pick<ImageTable, 'order' | 'classOf'>,
  count: number,
): number[] {
  const byClass = new Map<number, number[]>()
  for (const image of order) {
    const images = byClass.get(classOf[image]!)
    if (images) images.push(image)
    else byClass.set(classOf[image]!, [image])
  }
  const classes = [...byClass.keys()].toSorted((a, b) => a - b).map((cls) => byClass.get(cls)!)
  // If there are more classes than images to pick, every nth class gives one.
  const chosen = evenly(classes, count)
  const shares = chosen.map(
    (_, i) => Math.floor((count * (i + 1)) / chosen.length) - Math.floor((count * i) / chosen.length),
  )
  const picked = chosen.flatMap((images, i) => evenly(images, shares[i]!))
  return picked.toSorted((a, b) => a - b)
}

/** At most `count` items at even distances, beginning with the first. */
function evenly<T>(list: readonly T[], count: number): T[] {
  const taken = Math.min(count, list.length)
  return Array.from({ length: taken }, (_, i) => list[Math.floor((i * list.length) / taken)]!)
}
