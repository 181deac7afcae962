/**
 * @file How many of the top patches look like a better one (`core/mosaic/alike`). It takes the pictures, so it is measured only for
 * the channels that it is asked for.
 */
import type { MeasureHead } from './measure.ts'

export const lookAlike: MeasureHead = {
  id: 'lookalike',
  label: 'Alike',
  sentence:
    'Near-duplicates: the share of the top patches that look like a better one, as their pixels, reduced to 8×8, differ by less than 6 of 255 in the mean; it is measured when it is asked for.',
  unit: 'ratio',
}
