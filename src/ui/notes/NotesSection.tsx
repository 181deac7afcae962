/** @file What is written about the open channel besides its name: a family, how sure, a text, lists, and what others wrote. */
import { ListPlus, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { Button, Switch, TextArea, TextField, Label } from 'react-aria-components'
import { nameKey } from '../../core/notes/note.ts'
import { usedWords } from '../../core/notes/shownNote.ts'
import { agreementAt, channelNotes, noteOf } from '../../state/selectors/notes.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { AuthorField } from './AuthorField.tsx'
import { longestNote } from './limits.ts'
import { useRemovedNote } from './useRemovedNote.ts'
import { useTypedText } from './useTypedText.ts'
import { WordField } from './WordField.tsx'
import { Name } from '../common/Name.tsx'
import './notes.css'

interface Props {
  layer: string
  channel: number
}

export default function NotesSection({ layer, channel }: Props) {
  const showPage = useApp((state) => state.showPage)
  return (
    <div className="notes-section" key={`${channel} ${layer}`}>
      <div className="row">
        <Family layer={layer} channel={channel} />
        <Sure layer={layer} channel={channel} />
      </div>
      <FreeText layer={layer} channel={channel} />
      <Lists layer={layer} channel={channel} />
      <People layer={layer} channel={channel} />
      <div className="row">
        <AuthorField />
        <span className="spacer" />
        <Button className="button quiet" onPress={() => showPage('notes')}>
          All names and notes
        </Button>
      </div>
    </div>
  )
}

function Family({ layer, channel }: Props) {
  const family = useApp((state) => noteOf(state, layer, channel).family)
  const notes = useApp((state) => state.notes)
  const setNote = useApp((state) => state.setNote)
  return (
    <WordField
      label="Family"
      value={family}
      words={usedWords(notes, 'family')}
      onChange={(word) => {
        if (word !== family) setNote(layer, channel, { family: word })
      }}
    />
  )
}

function Sure({ layer, channel }: Props) {
  const isSure = useApp((state) => noteOf(state, layer, channel).sure)
  const hasOwn = useApp((state) => (channelNotes(state, layer, channel).own?.name ?? '') !== '')
  const setNote = useApp((state) => state.setNote)
  return (
    <Switch
      className="switch"
      isSelected={isSure}
      // Only a name can be sure or not.
      isDisabled={!hasOwn}
      onChange={(sure) => setNote(layer, channel, { sure })}
    >
      <span className="switch-track" aria-hidden />
      Sure of the name
    </Switch>
  )
}

function FreeText({ layer, channel }: Props) {
  const { getState } = useAppStore()
  const note = useApp((state) => channelNotes(state, layer, channel).own?.note ?? '')
  const tellRemoved = useRemovedNote(layer, channel)
  const typed = useTypedText(
    note,
    (text) => getState().setNote(layer, channel, { note: text }),
    (removed) => tellRemoved('The note', { note: removed }),
  )
  return (
    <TextField
      className="notes-text"
      value={typed.value}
      maxLength={longestNote}
      onChange={typed.onType}
      onFocus={typed.onEnter}
      onBlur={typed.onLeave}
    >
      <Label className="visually-hidden">Note</Label>
      <TextArea
        className="text-area"
        rows={3}
        placeholder="What it seems to look for, and what speaks against it"
      />
    </TextField>
  )
}

function Lists({ layer, channel }: Props) {
  const { getState } = useAppStore()
  const shown = useApp((state) => noteOf(state, layer, channel).lists)
  const own = useApp((state) => channelNotes(state, layer, channel).own?.lists)
  const notes = useApp((state) => state.notes)
  const setView = useApp((state) => state.setView)
  const [word, setWord] = useState('')
  const others = usedWords(notes, 'lists').filter((list) => !shown.includes(list))
  const put = (lists: readonly string[]): void => getState().setNote(layer, channel, { lists })
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const list = word.trim()
    if (list !== '' && !shown.some((one) => nameKey(one) === nameKey(list))) put([...(own ?? []), list])
    setWord('')
  }
  return (
    <form className="row" onSubmit={add}>
      {shown.length > 0 && (
        <ul className="notes-lists" aria-label="Lists of this channel">
          {shown.map((list) => (
            <li key={list} className="notes-list">
              <button
                type="button"
                title="Show only the channels of this list"
                onClick={() => setView({ noted: `list:${list}` })}
              >
                {list}
              </button>
              {own?.includes(list) && (
                <button
                  type="button"
                  aria-label={`Take it off the list ${list}`}
                  onClick={() => put(own.filter((one) => one !== list))}
                >
                  <X size={12} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <WordField label="Add to the list" value={word} words={others} onChange={setWord} isHidden />
      <Button type="submit" className="button quiet" isDisabled={word.trim() === ''}>
        <ListPlus size={16} aria-hidden /> Add
      </Button>
    </form>
  )
}

/** All names with who gave them, if others have written something, and their texts. */
function People({ layer, channel }: Props) {
  const notes = useApp((state) => channelNotes(state, layer, channel))
  const agreement = useApp((state) => JSON.stringify(agreementAt(state, layer, channel)))
  const id = useId()
  if (notes.others.length === 0) return null
  const agreed = JSON.parse(agreement) as ReturnType<typeof agreementAt>
  const isOwn = (name: string): boolean => nameKey(notes.own?.name ?? '') === nameKey(name)
  const texts = notes.others.filter(({ note }) => note !== '')
  return (
    <div className="notes-people">
      {agreed && (
        <>
          <h4 id={id}>
            Names by {agreed.people === 1 ? '1 person' : `${agreed.people} people`}{' '}
            <span className="muted">agreement {Math.round(100 * agreed.share)} %</span>
          </h4>
          <ul aria-labelledby={id}>
            {agreed.names.map(({ name, authors }) => (
              <li key={name}>
                <strong>
                  <Name>{name}</Name>
                </strong>{' '}
                <span className="muted">{whoGave(authors, isOwn(name)).join(', ')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {texts.map((note) => (
        <p key={`${note.author} ${note.changed} ${note.note}`} className="notes-other">
          <span className="muted">{whoIs(note.author)}:</span> {note.note}
        </p>
      ))}
    </div>
  )
}

/** If the user is among them, she is the first. */
function whoGave(authors: readonly string[], isOwn: boolean): string[] {
  return isOwn ? ['you', ...authors.slice(1).map(whoIs)] : authors.map(whoIs)
}

function whoIs(author: string): string {
  return author === '' ? 'someone without a name' : author
}
