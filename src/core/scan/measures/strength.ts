/** @file How strong a channel is: its highest activation, and the mean of the images' maxima. */
import type { Measure } from './measure.ts'

export const highest: Measure = {
  id: 'max',
  label: 'Max',
  sentence: 'The highest activation of any unit in any image, which can be compared within a layer only.',
  unit: 'activation',
  of: ({ result, channel }) => finite(result.highest(channel)),
}

export const mean: Measure = {
  id: 'mean',
  label: 'Mean',
  sentence: 'The mean of the maxima, one an image, which can be compared within a layer only.',
  unit: 'activation',
  of: ({ maxima }) => maxima?.mean ?? null,
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}
