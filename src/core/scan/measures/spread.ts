/** @file How far apart the top patches are. */
import type { Measure } from './measure.ts'

export const spread: Measure = {
  id: 'spread',
  label: 'Spread of top',
  sentence:
    'By which part of the highest activation the last of the top patches lies below it; it has no meaning if that is not above 0.',
  unit: 'share',
  of({ top }) {
    const [first, last] = [top[0]?.activation, top.at(-1)?.activation]
    if (first === undefined || last === undefined || top.length < 2) return null
    return first > 0 && Number.isFinite(first) ? (first - last) / first : null
  },
}
