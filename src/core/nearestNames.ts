/** @file Suggests names that the user may have meant, for errors about a name that does not exist. */

/** This many names can be read at a glance. */
const most = 8

/** All names if they are few, otherwise the most similar ones and the number of the others. */
export function nearestNames(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return 'none'
  if (names.length <= most) return names.join(', ')
  const near = names
    .map((name, i) => ({ name, i, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance || a.i - b.i)
    .slice(0, most)
  return `${near.map(({ name }) => name).join(', ')} and ${(names.length - most).toLocaleString('en')} more`
}

/** The name that `wanted` is most likely a typing error of; null if none is similar enough. */
export function likelyName(wanted: string, names: readonly string[]): string | null {
  const slips = Math.max(1, Math.floor(wanted.length / 3))
  const near = names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.name ?? null
}

/** The number of letters to insert, drop or change (Levenshtein distance), computed row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
