/** @file The columns of a table of channels: how wide they are, and how their values are written. */
import type { Range } from '../../../core/mosaic/finding.ts'
import { foundMeasures } from '../../../core/scan/measures/index.ts'
import type { MeasureHead } from '../../../core/scan/measures/measure.ts'
import { formatActivation, formatRatio, formatShare } from '../../common/format.ts'

/** CSS pixels. */
export const rowHeight = 56
export const thumbExtent = 48

export function formatMeasure({ unit }: Pick<MeasureHead, 'unit'>, value: number): string {
  // What is measured only when it is asked for is not known of most channels.
  if (Number.isNaN(value)) return unit === 'ratio' || unit === 'loss' ? '' : '–'
  switch (unit) {
    case 'activation':
      return formatActivation(value)
    case 'share':
      return formatShare(value, 1)
    case 'ratio':
      return formatRatio(value)
    case 'number':
      return value.toFixed(2)
    case 'loss':
      return value.toFixed(4)
    case 'yes':
      return value === 1 ? 'yes' : ''
  }
}

/** `Fires ≥ 20 %`, `Choosy 0.20 to 0.80` */
export function rangeText(measure: MeasureHead, [from, to]: Range): string {
  const write = (value: number): string => formatMeasure(measure, value)
  if (from === null) return `${measure.label} ≤ ${write(to!)}`
  if (to === null) return `${measure.label} ≥ ${write(from)}`
  return `${measure.label} ${write(from)} to ${write(to)}`
}

/**
 * Measures of classes say nothing if there are no classes to be told apart. `asked` are those that are measured when they are asked
 * for: they come first, so that whoever asks sees the numbers come in.
 */
export function shownMeasures(classes: number, asked: readonly MeasureHead[]): readonly MeasureHead[] {
  const all: readonly MeasureHead[] = [...asked, ...foundMeasures]
  return all.filter(({ id }) => classes > 1 || (id !== 'choosy' && id !== 'class'))
}

/** The least widths of the columns in CSS pixels: of the channel, of a measure, of the one that names a class, of longer heads. */
const channelWidth = 72
const channelOfLayerWidth = 116
const measureWidth = 76
const classWidth = 150
const wideHeads: Readonly<Record<string, number>> = { bimodal: 88, spread: 104 }

/** The widths of the columns as CSS has them: the tick, the mosaic, the channel, then the measures; and their sum. */
export function columnWidths(
  shown: readonly MeasureHead[],
  hasLayers: boolean,
): { readonly columns: string; readonly least: string } {
  const fixed = [32, rowHeight]
  const least = [
    hasLayers ? channelOfLayerWidth : channelWidth,
    ...shown.map(({ id }) => (id === 'class' ? classWidth : (wideHeads[id] ?? measureWidth))),
  ]
  return {
    columns: [...fixed.map((px) => `${px}px`), ...least.map((px) => `minmax(${px}px, ${px}fr)`)].join(' '),
    least: `${[...fixed, ...least].reduce((sum, px) => sum + px, 0)}px`,
  }
}
