/** @file Says in words how long ago something was. */

const units = [
  ['day', 24 * 3600e3],
  ['hour', 3600e3],
  ['minute', 60e3],
] as const

/** Writes `just now`, `10 minutes ago` or `yesterday`. Times are in milliseconds. */
export function formatAgo(time: number, now: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const [unit, length] of units)
    if (now - time >= length) return format.format(-Math.floor((now - time) / length), unit)
  return 'just now'
}
