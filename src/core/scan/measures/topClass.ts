/** @file How much of a channel's top belongs to one class. */
import type { Measure } from './measure.ts'

export const topClass: Measure = {
  id: 'class',
  label: 'Top class',
  sentence: 'The class that most of the top patches come from, and the share of them that does.',
  unit: 'share',
  of: ({ leadingClass }) => leadingClass?.share ?? null,
}
