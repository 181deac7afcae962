/** @file How many of the top patches are there more than once. */
import type { Measure } from './measure.ts'

/**
 * Copies of an image have the same activation at the same unit, to the bit, whatever pass they were in. Where there is one unit
 * only, other images may have so too, as 1 of a softmax.
 */
export const alike: Measure = {
  id: 'alike',
  label: 'Copies',
  sentence:
    'The share of the top patches that are exact copies of one before them, told by the very same activation at the same place: those that only look alike do not count, and it has no meaning in layers without places.',
  unit: 'share',
  of({ top, result }) {
    if (top.length < 2 || result.units === 1) return null
    const different = new Set(top.map(({ activation, position }) => `${activation} ${position}`))
    return (top.length - different.size) / top.length
  },
}
