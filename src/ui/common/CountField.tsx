/** @file One whole number. */
import { Input, Label, NumberField } from 'react-aria-components'

interface Props {
  label: string
  value: number
  min: number
  max?: number
  onChange: (value: number) => void
}

export function CountField({ label, value, min, max, onChange }: Props) {
  return (
    <NumberField
      className="number-field"
      value={value}
      minValue={min}
      {...(max === undefined ? {} : { maxValue: max })}
      onChange={(next) => {
        // An emptied field.
        if (!Number.isNaN(next)) onChange(next)
      }}
    >
      <Label className="choice-label">{label}</Label>
      <Input className="number-input" />
    </NumberField>
  )
}
