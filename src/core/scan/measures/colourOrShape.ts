/**
 * @file What is left of a channel's activations if its top patches lose their colour, their detail or their order. It takes runs
 * of the network, so it is measured only for the channels that it is asked for.
 */
import type { MeasureHead } from './measure.ts'

/** The mean of activation ÷ original over the top patches, in the three ways in which they are changed. */
export interface ChangedShares {
  readonly grey: number
  readonly blurred: number
  /** Is null if patches have fewer than four rows or columns. */
  readonly shuffled: number | null
}

interface ColourMeasure extends MeasureHead {
  readonly id: keyof ChangedShares
}

export const colourMeasures: readonly ColourMeasure[] = [
  {
    id: 'grey',
    label: 'Grey',
    sentence:
      'Colour or shape: the mean share of the activation that is left if the images of the top patches are made grey; it is measured when it is asked for, and it may be more than 100 %.',
    unit: 'ratio',
  },
  {
    id: 'blurred',
    label: 'Blurred',
    sentence:
      'Colour or shape: the mean share of the activation that is left if the top patches are blurred by a sixteenth of their shorter side; it is measured when it is asked for, and it may be more than 100 %.',
    unit: 'ratio',
  },
  {
    id: 'shuffled',
    label: 'Shuffled',
    sentence:
      'Colour or shape: the mean share of the activation that is left if the 4×4 blocks of each top patch are shuffled; it is measured when it is asked for, it may be more than 100 %, and patches of fewer than four rows or columns have none.',
    unit: 'ratio',
  },
]
