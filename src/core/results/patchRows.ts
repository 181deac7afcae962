/** @file Patches as rows of comma-separated values, as RFC 4180 has them, with a head. */
import { numberCell, textCell } from '../mosaic/csvCell.ts'
import type { PlacedPatch } from './arrays/patchArrays.ts'

const columns = [
  'layer',
  'channel',
  'name',
  'rank',
  'image',
  'class',
  'activation',
  'row',
  'column',
  'top',
  'left',
  'bottom',
  'right',
  'seatTop',
  'seatLeft',
  'seatBottom',
  'seatRight',
]

/** One row. `row` and `column` are the unit's in the layer's map; then come the edges of its box, and of its seat. */
export const patchHead = `${columns.join()}\r\n`

export interface PatchNames {
  readonly layer: string
  readonly channel: number
  /** The channel's, empty if it has none. */
  readonly name: string
  readonly path: (image: number) => string
  readonly className: (image: number) => string
}

/** The rows of one channel, the strongest first: its rank is 0. */
export function patchRows(
  patches: readonly PlacedPatch[],
  { layer, channel, name, path, className }: PatchNames,
): string {
  const start = [textCell(layer), channel, textCell(name)].join()
  return patches
    .map(({ image, activation, unit, box, seat }, rank) => {
      const cells = [
        start,
        rank,
        textCell(path(image)),
        textCell(className(image)),
        numberCell(activation),
        ...unit,
        ...box,
        ...(seat ?? ['', '', '', '']),
      ]
      return `${cells.join()}\r\n`
    })
    .join('')
}
