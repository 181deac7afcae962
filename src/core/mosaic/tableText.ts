/** @file A table of channels as text: comma-separated values as RFC 4180 has them, with a head. */
import { measures } from '../scan/measures/index.ts'
import { noClass } from '../scan/measures/measuredLayer.ts'
import type { ChannelTable } from './channelTable.ts'
import { numberCell, textCell } from './csvCell.ts'

const columns = ['layer', 'channel', 'name', ...measures.map(({ id }) => id), 'topClass', 'bestClass']

/**
 * The rows of these numbers. Numbers have nine significant digits, which tell any two float32 apart; what is not known is
 * empty. `max` and the like are the ids of measures; `bestClass` is the class for which the channel is `choosy`.
 */
export function tableText(
  table: ChannelTable,
  rows: Iterable<number>,
  classNameOf: (classNumber: number) => string,
  nameOf: (layer: string, channel: number) => string,
): string {
  const lines = [columns.join()]
  for (const row of rows) {
    const { layer, channel } = table.place(row)
    const { measured } = layer
    const classText = (number: number | undefined): string =>
      number === undefined || number === noClass ? '' : textCell(classNameOf(number))
    lines.push(
      [
        textCell(layer.name),
        channel,
        textCell(nameOf(layer.name, channel)),
        ...measures.map(({ id }) => numberCell(measured?.values(id)[channel])),
        classText(measured?.topClass[channel]),
        classText(measured?.bestClass[channel]),
      ].join(),
    )
  }
  return `${lines.join('\r\n')}\r\n`
}
