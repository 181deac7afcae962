/** @file One whole number. */
import { Input, Label, NumberField } from 'react-aria-components'

interface Props {
  label: string
  /** What is shown instead, where what is around says the rest. */
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
        // An emptied field.
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
