/** @file Draws how much of the input one unit sees: the receptive field as a rectangle in the input, to scale, and its seat in it. */
import type { ReceptiveField } from '../../core/model/receptiveField.ts'
import { formatExtent } from '../common/format.ts'

interface Props {
  /** The input's rows and columns; what follows is ignored. */
  input: readonly number[]
  field:
    | (Pick<ReceptiveField, 'size' | 'whole'> & {
        readonly seat?: Pick<NonNullable<ReceptiveField['seat']>, 'size'>
      })
    | null
    | undefined
}

/** The longer side of the input in the drawing. */
const side = 100
/** The smallest drawn side, so that even one pixel of a large image is visible. */
const smallest = 1.5

export function FieldInImage({ input: [rows, columns], field }: Props) {
  if (!field || !rows || !columns) return null
  const scale = side / Math.max(rows, columns)
  const [height, width] = [rows * scale, columns * scale]
  const seen = field.whole
    ? [rows, columns]
    : [Math.min(rows, field.size[0]), Math.min(columns, field.size[1])]
  const drawn = (pixels: number): number => Math.max(smallest, pixels * scale)
  const box = (size: readonly number[]): { x: number; y: number; width: number; height: number } => {
    const [h, w] = size.map(drawn) as [number, number]
    return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h }
  }
  const seat = field.seat ? `; its seat is ${formatExtent(field.seat.size)}` : ''
  return (
    <svg
      className="field-in-image"
      viewBox={`-1 -1 ${width + 2} ${height + 2}`}
      role="img"
      aria-label={`A unit sees ${field.whole ? 'all' : formatExtent(field.size)} of ${rows}×${columns} pixels${seat}`}
    >
      <rect className="field-image" width={width} height={height} />
      <rect className="field-seen" {...box(seen)} />
      {field.seat && <rect className="field-seat" {...box(field.seat.size)} />}
    </svg>
  )
}
