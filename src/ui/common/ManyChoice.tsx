/** @file A select with names, of which several can be chosen; none chosen means all. */
import { ChevronDown } from 'lucide-react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'

interface Props {
  label: string
  /** The button's text if nothing is left out, such as `All 12 classes`. */
  all: string
  names: readonly string[]
  /** The value null means all. */
  value: readonly string[] | null
  onChange: (value: readonly string[] | null) => void
}

export function ManyChoice({ label, all, names, value, onChange }: Props) {
  return (
    <Select
      className="choice"
      selectionMode="multiple"
      value={value ?? []}
      onChange={(keys) => onChange(keys.length === 0 ? null : names.filter((name) => keys.includes(name)))}
    >
      <Label className="choice-label">{label}</Label>
      <Button className="button quiet">
        <SelectValue className="choice-text">{value === null ? all : value.join(', ')}</SelectValue>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={names.map((id) => ({ id }))}>
          {({ id }) => (
            <ListBoxItem className="menu-item" id={id} textValue={id}>
              {id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
