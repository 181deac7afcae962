/** @file A field for a whole number. */
import { Input, Label, NumberField } from 'react-aria-components'

interface Props {
  label: string
  /** A shorter label to show, if the surroundings say the rest. `label` is then for screen readers. */
  text?: string
  value: number
  min: number
  max?: number
  onChange: (value: number) => void
}

export function CountField({ label, text, value, min, max, onChange }: Props) {
  return (
    <NumberField
      className="number-field"
      {...(text === undefined ? {} : { 'aria-label': label })}
      value={value}
      minValue={min}
      {...(max === undefined ? {} : { maxValue: max })}
      onChange={(next) => {
        // An empty field gives NaN.
        if (!Number.isNaN(next)) onChange(next)
      }}
    >
      <Label className="choice-label" aria-hidden={text !== undefined || undefined}>
        {text ?? label}
      </Label>
      <Input className="number-input" />
    </NumberField>
  )
}
