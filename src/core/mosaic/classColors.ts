/** @file Gives each class a colour: the same in every view, and as different from the others as possible. */

/** The colours of the first classes. They are easy to tell apart, and visible on light and dark backgrounds. */
const first = [
  '#4e9bd8',
  '#e4572e',
  '#2e8b3d',
  '#e2b007',
  '#8b5fbf',
  '#d81b60',
  '#8fb339',
  '#b5651d',
  '#3bb3a9',
  '#6b7a90',
  '#f48fb1',
  '#5c6bc0',
] as const

/**
 * The part of a turn on the colour circle from one class to the next: the golden ratio divides the circle most evenly,
 * however many classes there are.
 */
const golden = 0.381966
const tones = ['55% 45%', '45% 62%', '70% 38%'] as const

/** A class's colour as CSS writes it. */
export function classColor(classNumber: number): string {
  // Classes that only a results file knows have negative numbers.
  if (classNumber < 0) return noClassColor
  const known = first[classNumber]
  if (known) return known
  const hue = Math.round(((classNumber * golden) % 1) * 360)
  return `hsl(${hue} ${tones[classNumber % tones.length]})`
}

/** The colour of top patches that have no class. */
export const noClassColor = '#9a9a94'

/**
 * A strip with the classes' colours side by side, each as wide as its share of the patches, as a value of
 * `background-image`. The order is that of `byCount`.
 */
export function classStrip(counts: ReadonlyMap<number, number>, patches: number): string {
  const parts: string[] = []
  let at = 0
  const add = (color: string, count: number): void => {
    const from = at
    at += count
    parts.push(`${color} ${percent(from, patches)} ${percent(at, patches)}`)
  }
  for (const [classNumber, count] of byCount(counts)) add(classColor(classNumber), count)
  if (at < patches) add(noClassColor, patches - at)
  return `linear-gradient(90deg, ${parts.join(', ')})`
}

/** Sorts classes by their number of patches, the most first; equal ones by class number. */
export function byCount(
  counts: ReadonlyMap<number, number>,
): (readonly [classNumber: number, count: number])[] {
  return [...counts].toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a - b)
}

function percent(part: number, whole: number): string {
  return `${Number(((part / whole) * 100).toFixed(2))}%`
}
