/** @file Whether a channel tells nothing. */
import type { Measure } from './measure.ts'

export const dead: Measure = {
  id: 'dead',
  label: 'Dead',
  sentence: 'Whether all units of all images have one and the same value.',
  unit: 'yes',
  of: ({ isDead, result }) => (result.scanned === 0 ? null : isDead ? 1 : 0),
}
