/** @file Two whole numbers: rows and columns. */
import { Input, Label, NumberField } from 'react-aria-components'

interface Props {
  /** What the two are of. */
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
      <Axis
        label={`${label}: row`}
        text="row"
        value={rows}
        min={min}
        max={max[0]}
        onChange={(row) => onChange([row, columns])}
      />
      <Axis
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

interface AxisProps {
  label: string
  text: string
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

function Axis({ label, text, value, min, max, onChange }: AxisProps) {
  return (
    <NumberField
      className="number-field"
      aria-label={label}
      value={value}
      minValue={min}
      maxValue={max}
      onChange={(next) => {
        // An emptied field.
        if (!Number.isNaN(next)) onChange(next)
      }}
    >
      <Label className="muted" aria-hidden>
        {text}
      </Label>
      <Input className="number-input" />
    </NumberField>
  )
}
