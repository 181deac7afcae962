/** @file Draws how much of the input one unit sees: the receptive field as a rectangle in the input, to scale. */
import type { ReceptiveField } from '../../core/model/receptiveField.ts'
import { formatExtent } from '../common/format.ts'

interface Props {
  /** The input's rows and columns; what follows is ignored. */
  input: readonly number[]
  field: Pick<ReceptiveField, 'size' | 'whole'> | null | undefined
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
  const [h, w] = seen.map((pixels) => Math.max(smallest, pixels * scale)) as [number, number]
  return (
    <svg
      className="field-in-image"
      viewBox={`-1 -1 ${width + 2} ${height + 2}`}
      role="img"
      aria-label={`A unit sees ${field.whole ? 'all' : formatExtent(field.size)} of ${rows}×${columns} pixels`}
    >
      <rect className="field-image" width={width} height={height} />
      <rect className="field-seen" x={(width - w) / 2} y={(height - h) / 2} width={w} height={h} />
    </svg>
  )
}
