/** @file A field for a word: any one, or one of those that were used before. */
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import { mostLetters } from './limits.ts'

interface Props {
  label: string
  value: string
  words: readonly string[]
  /** Called when the field is left or a word is chosen. */
  onChange: (word: string) => void
  /** Whether the label is shown in the field only. */
  isHidden?: boolean
}

export function WordField({ label, value, words, onChange, isHidden = false }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const settle = (word: string): void => {
    setTyped(null)
    onChange(word.trim())
  }
  return (
    <ComboBox
      className="word-field"
      allowsCustomValue
      menuTrigger="focus"
      inputValue={typed ?? value}
      onInputChange={(text) => {
        setTyped(text)
        if (isHidden) onChange(text)
      }}
      onSelectionChange={(key) => {
        if (key !== null) settle(String(key))
      }}
      onBlur={() => {
        if (typed !== null) settle(typed)
      }}
    >
      <Label className={isHidden ? 'visually-hidden' : 'muted'}>{label}</Label>
      <div className="word-input">
        <Input maxLength={mostLetters} {...(isHidden && { placeholder: `${label}…` })} />
        <Button className="word-open">
          <ChevronDown size={14} aria-hidden />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox className="menu">
          {words.map((word) => (
            <ListBoxItem key={word} id={word} textValue={word} className="menu-item">
              {word}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
