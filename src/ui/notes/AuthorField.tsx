/** @file The name under which the user's notes are exported, so that those of several people can be told apart. */
import { Input, Label, TextField } from 'react-aria-components'
import { useApp } from '../useApp.ts'
import { mostLetters } from './limits.ts'
import { useTypedText } from './useTypedText.ts'

export function AuthorField() {
  const author = useApp((state) => state.author ?? '')
  const setAuthor = useApp((state) => state.setAuthor)
  const typed = useTypedText(author, setAuthor, () => undefined)
  return (
    <TextField
      className="author-field"
      value={typed.value}
      maxLength={mostLetters}
      onChange={typed.onType}
      onFocus={typed.onEnter}
      onBlur={typed.onLeave}
    >
      <Label className="muted">Your name</Label>
      <Input className="text-input" placeholder="optional" autoComplete="off" />
    </TextField>
  )
}
