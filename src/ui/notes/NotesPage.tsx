/** @file The page with all names and notes of the model, in all its layers, from where they are saved, opened and searched. */
import { Search, Star, Upload, Download } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import { Button, Input, SearchField } from 'react-aria-components'
import { channelCount } from '../../core/model/network.ts'
import { agreementOf } from '../../core/notes/agreement.ts'
import type { ChannelNotes } from '../../core/notes/note.ts'
import { type Entry, entriesOf, type NoteBook } from '../../core/notes/noteBook.ts'
import { passes, searchNotes, shownNote } from '../../core/notes/shownNote.ts'
import { inSentence } from '../../core/shownText.ts'
import { notesExporter } from '../../state/exports/exportNotes.ts'
import { shapeOf } from '../../state/selectors/shown.ts'
import { Choice } from '../common/Choice.tsx'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { saveExport } from '../scan/saveExport.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { AuthorField } from './AuthorField.tsx'
import { noteFilters } from './noteFilters.ts'
import { Name } from '../common/Name.tsx'
import './notes.css'
import './notesPage.css'

/** More rows would take long to draw; a search finds the others. */
const mostRows = 500

export default function NotesPage() {
  const showPage = useApp((state) => state.showPage)
  const notes = useApp((state) => state.notes)
  const noted = useApp((state) => state.noted ?? '')
  const setView = useApp((state) => state.setView)
  const [text, setText] = useState('')
  const sought = useDeferredValue(text)
  const rows = rowsOf(notes, sought, noted)
  return (
    <ModalPage onClose={() => showPage(null)} className="notes-modal" dialogClassName="notes-page">
      <ModalHead title="Names and notes">
        <Progress />
      </ModalHead>
      <div className="row">
        <SearchField className="search" aria-label="Search names and notes" value={text} onChange={setText}>
          <Search size={14} aria-hidden />
          <Input className="search-input" placeholder="Name, family, list or text" />
        </SearchField>
        <Choice
          label="Notes"
          value={noted}
          options={noteFilters(notes, noted, 'All')}
          onChange={(value) => setView({ noted: value === '' ? null : value })}
        />
        <span className="spacer" />
        <Files />
      </div>
      <People />
      {notes.size === 0 ? (
        <p className="empty">
          No channel of this model has a name yet. Open one and press N. Notes files of others can be opened
          or dropped here; their names stand beside yours.
        </p>
      ) : (
        <Table rows={rows} />
      )}
    </ModalPage>
  )
}

type Row = Entry<ChannelNotes>

function rowsOf(notes: NoteBook, text: string, noted: string): Row[] {
  const all = entriesOf(notes)
  const found = text.trim() === '' ? null : searchNotes(text, notes)
  const sought = found
    ? found.map(({ layer, channel }) => all.find((one) => one.layer === layer && one.channel === channel)!)
    : all
  return noted === '' ? sought : sought.filter(({ notes: one }) => passes(noted, shownNote(one)))
}

/** How many channels have a name, of the layers in which any has. */
function Progress() {
  const text = useApp((state) => {
    let [named, of] = [0, 0]
    for (const [layer, channels] of state.notes) {
      const shape = shapeOf(state, layer)
      if (!shape) continue
      of += channelCount(shape)
      for (const [channel, notes] of channels)
        if (channel < channelCount(shape) && shownNote(notes).name !== '') named++
    }
    return of === 0
      ? ''
      : `${named.toLocaleString('en')} of ${of.toLocaleString('en')} channels named, in layers with notes`
  })
  return <span className="muted">{text}</span>
}

function Files() {
  const store = useAppStore()
  const isEmpty = useApp((state) => !notesExporter.applies(state))
  const input = useRef<HTMLInputElement>(null)
  /** Grows with each choice, as the same file may be chosen again. */
  const [choices, setChoices] = useState(0)
  const { report, openNotes } = store.getState()
  return (
    <>
      <Button className="button" onPress={() => input.current!.click()}>
        <Upload size={16} aria-hidden /> Open notes
      </Button>
      <Button
        className="button"
        isDisabled={isEmpty}
        onPress={() => void saveExport(store, notesExporter).catch(report)}
      >
        <Download size={16} aria-hidden /> Save notes
      </Button>
      <input
        key={choices}
        ref={input}
        type="file"
        hidden
        aria-label="Notes file"
        multiple
        accept=".json"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])]
          setChoices((count) => count + 1)
          const openAll = async (): Promise<void> => {
            for (const file of files) await openNotes(file)
          }
          void openAll()
        }}
      />
    </>
  )
}

/** Who has written something, and how much. */
function People() {
  const notes = useApp((state) => state.notes)
  const forgetPerson = useApp((state) => state.forgetPerson)
  const counts = new Map<string, number>()
  for (const {
    notes: { others },
  } of entriesOf(notes))
    for (const { author } of others) counts.set(author, (counts.get(author) ?? 0) + 1)
  return (
    <div className="row">
      <AuthorField />
      {counts.size > 0 && (
        <ul className="notes-lists" aria-label="Notes of others">
          {[...counts].map(([author, count]) => (
            <li key={author} className="notes-list">
              <span>
                {author || 'without a name'}: {count.toLocaleString('en')}
              </span>
              <button
                type="button"
                aria-label={`Remove the notes of ${author ? inSentence(author) : 'people without a name'}`}
                onClick={() => forgetPerson(author)}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Table({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return <p className="empty">Nothing is written that fits.</p>
  return (
    <>
      {/* It scrolls by itself, so that the search stays. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="notes-scroll" tabIndex={0} role="region" aria-label="Channels with notes">
        <table className="notes-table">
          <thead>
            <tr>
              <th scope="col">Channel</th>
              <th scope="col">Name</th>
              <th scope="col">Agreement</th>
              <th scope="col">Family, lists</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map((row) => (
              <RowOf key={`${row.channel} ${row.layer}`} {...row} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > mostRows && (
        <p className="muted">
          The first {mostRows} of {rows.length.toLocaleString('en')}: search for the others.
        </p>
      )}
    </>
  )
}

function RowOf({ layer, channel, notes }: Row) {
  const { getState } = useAppStore()
  const isThere = useApp((state) => {
    const shape = shapeOf(state, layer)
    return shape !== null && channel < channelCount(shape)
  })
  const me = useApp((state) => state.author ?? '')
  const note = shownNote(notes)
  const agreement = agreementOf(notes, me)
  const others = agreement?.names.map(
    ({ name, authors }) =>
      `${inSentence(name)}: ${authors.map((one) => (one ? inSentence(one) : 'without a name')).join(', ')}`,
  )
  return (
    <tr>
      <th scope="row">
        {isThere ? (
          <button
            type="button"
            className="notes-link"
            onClick={() => getState().followChannel(layer, channel)}
          >
            <Name>{layer}</Name> / {channel}
          </button>
        ) : (
          <span title="It is kept for the model that has it.">
            <Name>{layer}</Name> / {channel} <span className="muted">(not in this model)</span>
          </span>
        )}
      </th>
      <td>
        {note.star && <Star size={12} fill="currentColor" aria-label="Starred" className="notes-star" />}
        <Name>{note.name}</Name>
        {note.name !== '' && !note.sure && <span className="muted"> (unsure)</span>}
      </td>
      <td title={others?.join('\n')}>
        {agreement && agreement.people > 1 && (
          <>
            {Math.round(100 * agreement.share)} % <span className="muted">of {agreement.people}</span>
          </>
        )}
      </td>
      <td>{[note.family, ...note.lists].filter(Boolean).join(', ')}</td>
      <td className="notes-cell">{note.note}</td>
    </tr>
  )
}
