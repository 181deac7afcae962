/** @file A colour for each class: the same in every view, and as different from the others as can be. */

/** Told apart from each other, and seen on light and dark. */
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

/** Turns of the colour circle from one to the next: what divides it most evenly, however many there are. */
const golden = 0.381966
const tones = ['55% 45%', '45% 62%', '70% 38%'] as const

/** As CSS writes it. `classNumber` is from 0 on. */
export function classColor(classNumber: number): string {
  // One that only a results file knows.
  if (classNumber < 0) return noClassColor
  const known = first[classNumber]
  if (known) return known
  const hue = Math.round(((classNumber * golden) % 1) * 360)
  return `hsl(${hue} ${tones[classNumber % tones.length]})`
}

/** Those of the top patches that are of no class. */
export const noClassColor = '#9a9a94'

/** Side by side, each as wide as its share: the value of `background-image`. Most patches first, then by number. */
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

/** Most first, then by number. */
export function byCount(
  counts: ReadonlyMap<number, number>,
): (readonly [classNumber: number, count: number])[] {
  return [...counts].toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a - b)
}

function percent(part: number, whole: number): string {
  return `${Number(((part / whole) * 100).toFixed(2))}%`
}
