/** @file The columns of a table of channels: how wide they are, and how their values are written. */
import { measures } from '../../../core/scan/measures/index.ts'
import type { Measure } from '../../../core/scan/measures/measure.ts'
import { formatActivation, formatShare } from '../../common/format.ts'

/** CSS pixels. */
export const rowHeight = 56
export const thumbExtent = 48

export function formatMeasure({ unit }: Pick<Measure, 'unit'>, value: number): string {
  if (Number.isNaN(value)) return '–'
  switch (unit) {
    case 'activation':
      return formatActivation(value)
    case 'share':
      return formatShare(value, 1)
    case 'number':
      return value.toFixed(2)
    case 'yes':
      return value === 1 ? 'yes' : ''
  }
}

/** Measures of classes say nothing if there are no classes to be told apart. */
export function shownMeasures(classes: number): readonly Measure[] {
  return measures.filter(({ id }) => classes > 1 || (id !== 'choosy' && id !== 'class'))
}

/** The least widths of the columns in CSS pixels: of the channel, of a measure, and of the one that names a class. */
const channelWidth = 72
const channelOfLayerWidth = 116
const measureWidth = 76
const classWidth = 150

/** The widths of the columns as CSS has them: the tick, the mosaic, the channel, then the measures; and their sum. */
export function columnWidths(
  shown: readonly Measure[],
  hasLayers: boolean,
): { readonly columns: string; readonly least: string } {
  const fixed = [32, rowHeight]
  const least = [
    hasLayers ? channelOfLayerWidth : channelWidth,
    ...shown.map(({ id }) => (id === 'class' ? classWidth : measureWidth)),
  ]
  return {
    columns: [...fixed.map((px) => `${px}px`), ...least.map((px) => `minmax(${px}px, ${px}fr)`)].join(' '),
    least: `${[...fixed, ...least].reduce((sum, px) => sum + px, 0)}px`,
  }
}
