/** @file A table of channels as columns: those of `tableText`, with all digits and with names as they are. */
import type { ChannelTable } from '../../mosaic/channelTable.ts'
import { measures } from '../../scan/measures/index.ts'
import { noClass } from '../../scan/measures/measuredLayer.ts'
import { type Column, TextColumn } from './column.ts'

export function channelTableColumns(
  table: ChannelTable,
  classNameOf: (classNumber: number) => string,
  nameOf: (layer: string, channel: number) => string,
): Column[] {
  const [layers, names, top, best] = ['layer', 'name', 'topClass', 'bestClass'].map(
    (name) => new TextColumn(name),
  ) as [TextColumn, TextColumn, TextColumn, TextColumn]
  const channels = new Int32Array(table.rows)
  const classText = (number: number | undefined): string =>
    number === undefined || number === noClass ? '' : classNameOf(number)
  for (let row = 0; row < table.rows; row++) {
    const { layer, channel } = table.place(row)
    layers.add(layer.name)
    channels[row] = channel
    names.add(nameOf(layer.name, channel))
    top.add(classText(layer.measured?.topClass[channel]))
    best.add(classText(layer.measured?.bestClass[channel]))
  }
  return [
    layers.column(),
    { name: 'channel', kind: 'whole', values: channels },
    names.column(),
    ...measures.map(({ id }): Column => ({
      name: id,
      kind: 'number',
      values: Float64Array.from(table.values(id)),
    })),
    top.column(),
    best.column(),
  ]
}
