/** @file Which of many names somebody may have meant, for errors about a name that does not exist. */

/** As many as can be read at a glance. */
const most = 8

/** All names where they are few, else the most similar ones, and how many there are. */
export function nearestNames(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return 'none'
  if (names.length <= most) return names.join(', ')
  const near = names
    .map((name, i) => ({ name, i, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance || a.i - b.i)
    .slice(0, most)
  return `${near.map(({ name }) => name).join(', ')} and ${(names.length - most).toLocaleString('en')} more`
}

/** The one that `wanted` is a slip of; null where none is near. */
export function likelyName(wanted: string, names: readonly string[]): string | null {
  const slips = Math.max(1, Math.floor(wanted.length / 3))
  const near = names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.name ?? null
}

/** Letters to insert, drop or change (Levenshtein), row by row. */
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
