/** @file A select with a few texts, of which one is chosen. */
import { ChevronDown } from 'lucide-react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'

interface Props<T extends string | number> {
  label: string
  /** Whether the label is shown before the value. Otherwise it is for screen readers only. */
  showLabel?: boolean
  value: T
  options: readonly { readonly id: T; readonly text: string }[]
  onChange: (value: T) => void
}

export function Choice<T extends string | number>({
  label,
  showLabel = false,
  value,
  options,
  onChange,
}: Props<T>) {
  return (
    <Select
      className="choice"
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(key as T)
      }}
    >
      <Label className={showLabel ? 'choice-label' : 'visually-hidden'}>{label}</Label>
      <Button className="button quiet">
        <SelectValue />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={options}>
          {({ id, text }) => (
            <ListBoxItem className="menu-item" id={id} textValue={text}>
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
