/** @file The field of `GoTo`: a number, a layer, what somebody has written about a channel, in any layer, or an image's path. */
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { findImage } from '../../core/images/imageNumber.ts'
import { channelCount, type Shape } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import { findTarget } from '../../core/mosaic/goTo.ts'
import { searchNotes } from '../../core/notes/shownNote.ts'
import type { AppState } from '../../state/appState.ts'
import { aloneOf } from '../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { Name } from '../common/Name.tsx'

/** The number of channels that are listed. */
const mostFound = 12

export function GoToForm({ close }: { close: () => void }) {
  const { getState } = useAppStore()
  const notes = useApp((state) => state.notes)
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const layers = layersOf(getState())
  const isNumber = /^#?\s*\d*\s*$/.test(text)
  const found = isNumber
    ? []
    : searchNotes(text, notes)
        .filter((one) => layers.some(({ name, channels }) => name === one.layer && one.channel < channels))
        .slice(0, mostFound)

  const show = (layer: string, channel: number | null): void => {
    const { showLayer, showChannel } = getState()
    showLayer(layer)
    if (channel !== null) showChannel(channel)
    close()
  }
  const go = (event: FormEvent): void => {
    event.preventDefault()
    const target = findTarget(text, layers, getState().layer)
    if (typeof target !== 'string') show(target.layer, target.channel)
    else if (found[0]) show(found[0].layer, found[0].channel)
    else goToImage(target)
  }
  /** `otherwise` says that the text means no channel. */
  const goToImage = (otherwise: string): void => {
    const { images, model, showImage } = getState()
    const image = images && model ? findImage(images.table, text) : { several: 0 }
    if ('several' in image) {
      const { several } = image
      return setProblem(
        several === 0
          ? otherwise
          : `${otherwise} ${several.toLocaleString('en')} images have it in their paths.`,
      )
    }
    showImage(image.path)
    close()
  }
  /** The arrows lead from the field through the list. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    if (by === 0 || buttons.length === 0) return
    event.preventDefault()
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement) + by
    const field = event.currentTarget.querySelector('input')
    ;(at < 0 ? field : buttons[Math.min(at, buttons.length - 1)])?.focus()
  }
  return (
    // Its keys belong to the field and the list in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form onSubmit={go} onKeyDown={onKeyDown}>
      <TextField
        // The user has opened it to write in it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="go-to-field"
        value={text}
        isInvalid={problem !== null}
        onChange={(value) => {
          setText(value)
          setProblem(null)
        }}
      >
        <Label>Channel</Label>
        <Input className="number-input" placeholder="17, conv2d_8 40, or eye" autoComplete="off" />
        <FieldError className="go-to-problem">{problem}</FieldError>
      </TextField>
      <p className="visually-hidden" role="status">
        {found.length > 0 && `${found.length} channels found`}
      </p>
      {found.length > 0 && (
        <ul className="go-to-found" aria-label="Found channels" ref={list}>
          {found.map(({ layer, channel, note, names }) => (
            <li key={`${channel} ${layer}`}>
              <button type="button" onClick={() => show(layer, channel)}>
                <span>
                  <strong>{names.join(', ') || `Channel ${channel}`}</strong>
                  {note.star && ' ★'}
                </span>{' '}
                <span className="muted">
                  <Name>{layer}</Name> / {channel}
                </span>
                {note.note && <span className="go-to-note muted"> {note.note}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  )
}

/** The layers that are shown, of a model or of a results file. */
function layersOf(state: AppState): { name: string; channels: number }[] {
  const { model } = state
  const layers: readonly { readonly name: string; readonly shape: Shape }[] =
    aloneOf(state)?.layers ??
    (model ? scannableLayers(model.network).flatMap((one) => (one.op === null ? [] : [one])) : [])
  return layers.map(({ name, shape }) => ({ name, channels: channelCount(shape) }))
}
