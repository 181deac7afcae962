/** @file Two fields for whole numbers: rows and columns. */
import { CountField } from './CountField.tsx'

interface Props {
  /** The name of the pair. */
  label: string
  value: readonly [number, number]
  min: number
  max: readonly [number, number]
  onChange: (value: readonly [number, number]) => void
}

export function PairField({ label, value, min, max, onChange }: Props) {
  const [rows, columns] = value
  return (
    <div className="pair-field" role="group" aria-label={label}>
      <CountField
        label={`${label}: row`}
        text="row"
        value={rows}
        min={min}
        max={max[0]}
        onChange={(row) => onChange([row, columns])}
      />
      <CountField
        label={`${label}: column`}
        text="column"
        value={columns}
        min={min}
        max={max[1]}
        onChange={(column) => onChange([rows, column])}
      />
    </div>
  )
}
