/** @file A setting that is one number or several, typed as text. A wrong text shows the problem and changes nothing. */
import { useState } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { messageOf } from '../../core/errors.ts'
import { checkChannels, type Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Setting } from '../../core/preprocessing/settings.ts'
import { withSettings } from '../../core/preprocessing/withSettings.ts'

interface Props {
  name: keyof Preprocessing
  setting: Setting
  draft: Preprocessing
  channels: number
  onChange: (draft: Preprocessing) => void
}

export function PreprocessingNumbers({ name, setting, draft, channels, onChange }: Props) {
  const value = [draft[name]].flat().join(', ')
  const [typed, setTyped] = useState<{ text: string; problem: string | null; value: string } | null>(null)
  // If a preset changes the number meanwhile, what was typed is dropped.
  const current = typed?.value === value ? typed : null
  const type = (text: string): void => {
    try {
      const next = withSettings({ ...draft, [name]: text })
      checkChannels(next, channels)
      setTyped({ text, problem: null, value: [next[name]].flat().join(', ') })
      onChange(next)
    } catch (error) {
      setTyped({ text, problem: messageOf(error), value })
    }
  }
  return (
    <TextField
      className="input-numbers"
      value={current?.text ?? value}
      onChange={type}
      isInvalid={current?.problem != null}
      onBlur={() => setTyped(null)}
    >
      <Label className="choice-label">{setting.label}</Label>
      <Input className="number-input" inputMode="text" placeholder="none" />
      <FieldError className="input-problem">{current?.problem}</FieldError>
    </TextField>
  )
}
