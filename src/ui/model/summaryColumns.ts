/** @file The columns of the model summary between a layer's name and what there is to say of it. */
import type { LayerFacts } from './layerFacts.ts'

export interface SummaryColumn {
  readonly title: string
  readonly text: (facts: LayerFacts) => string
  readonly isNumber?: true
}

export const summaryColumns: readonly SummaryColumn[] = [
  { title: 'Type', text: ({ className }) => className },
  { title: 'Output', text: ({ shape }) => shape },
  { title: 'Kernel', text: ({ kernel }) => kernel },
  { title: 'Stride', text: ({ stride }) => stride },
  { title: 'Padding', text: ({ padding }) => padding },
  { title: 'Parameters', text: ({ parameters }) => parameters.toLocaleString('en'), isNumber: true },
  { title: 'Receptive field', text: ({ field }) => field, isNumber: true },
  { title: 'Step', text: ({ fieldStride }) => fieldStride, isNumber: true },
]

/** Longer texts are cut; widths of a digit. */
const longestText = 26
/** By how many digits a sign between two lengths, which is the widest that a text has many of, is wider than one. */
const signMore = 0.4
/** What stands at both sides of a text, the column of boxes, and the widest that the one of names becomes; in pixels. */
const [gaps, boxes, mostName] = [20, 40, 260]

/**
 * Rows are laid out one by one, as most of them do not exist, so columns are as wide as the longest text of all. The least widths of
 * a layer's name and of what is said of it are the style sheet's `--name` and `--note`.
 */
export function summaryWidths(
  columns: readonly SummaryColumn[],
  facts: readonly LayerFacts[],
): { columns: string; least: string } {
  const letters = columns.map(({ title, text }) =>
    facts.reduce(
      (longest, one) => Math.max(longest, Math.min(longestText, widthOf(text(one)))),
      title.length,
    ),
  )
  const sum = letters.reduce((all, one) => all + one, 0)
  return {
    columns: [
      `${boxes}px minmax(var(--name), ${mostName}px)`,
      ...letters.map((count) => `calc(${count}ch + ${gaps}px)`),
      'minmax(var(--note), 1fr)',
    ].join(' '),
    least: `calc(${boxes + gaps * columns.length}px + ${sum}ch + var(--name) + var(--note))`,
  }
}

function widthOf(text: string): number {
  return text.length + signMore * (text.split('×').length - 1)
}
