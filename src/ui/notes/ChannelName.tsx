/** @file The name of the open channel, typed in place, and its star. The key N leads here, S sets the star. */
import { Star } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { inSentence } from '../../core/shownText.ts'
import { agreementAt, nameOfChannel, noteOf } from '../../state/selectors/notes.ts'
import { named } from '../common/named.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { mostLetters } from './limits.ts'
import { useRemovedNote } from './useRemovedNote.ts'
import { useTypedText } from './useTypedText.ts'
import './channelName.css'

export function ChannelName({ layer, channel }: { layer: string; channel: number }) {
  return (
    <div className="channel-name">
      <NameField key={`${channel} ${layer}`} layer={layer} channel={channel} />
      <Agreed layer={layer} channel={channel} />
      <StarButton layer={layer} channel={channel} />
    </div>
  )
}

function NameField({ layer, channel }: { layer: string; channel: number }) {
  const { getState } = useAppStore()
  const name = useApp((state) => nameOfChannel(state, layer, channel))
  const field = useRef<HTMLInputElement>(null)
  /** What had the focus before the key N. */
  const before = useRef<Element | null>(null)
  const put = (text: string): void => {
    // A name of others that stays as it is does not become the user's.
    if (text !== nameOfChannel(getState(), layer, channel)) getState().setNote(layer, channel, { name: text })
  }
  const tellRemoved = useRemovedNote(layer, channel)
  const typed = useTypedText(name, put, (removed) => tellRemoved(`The name “${removed}”`, { name: removed }))
  useKey('n', () => {
    before.current = document.activeElement
    field.current!.focus()
    field.current!.select()
  })
  const leave = (): void => {
    const to = before.current
    if (to instanceof HTMLElement && to !== document.body && to.isConnected) to.focus()
    else field.current!.blur()
  }
  return (
    <input
      ref={field}
      className="channel-name-field"
      aria-label="Channel name"
      aria-keyshortcuts="N"
      placeholder="Name (key N)"
      autoComplete="off"
      maxLength={mostLetters}
      value={typed.value}
      title={typed.value}
      onChange={({ target }) => typed.onType(target.value)}
      onFocus={typed.onEnter}
      onBlur={typed.onLeave}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        // Neither closes or opens anything else.
        event.preventDefault()
        event.stopPropagation()
        if (event.key === 'Escape') typed.giveUp()
        leave()
      }}
    />
  )
}

/** How far several people agree: `2 of 3 say “eye”`. */
function Agreed({ layer, channel }: { layer: string; channel: number }) {
  const text = useApp((state) => {
    const agreement = agreementAt(state, layer, channel)
    if (!agreement || agreement.people < 2) return ''
    const [first] = agreement.names
    const agreeing = first!.authors.length
    return agreeing === 1
      ? `${agreement.people} people, ${agreement.people} names`
      : `${agreeing} of ${agreement.people} say “${inSentence(first!.name)}”`
  })
  return (
    text !== '' && (
      <span className="channel-agreed muted" title={`${text}; all names are below, under Notes`}>
        {text}
      </span>
    )
  )
}

function StarButton({ layer, channel }: { layer: string; channel: number }) {
  const { getState } = useAppStore()
  const isStarred = useApp((state) => noteOf(state, layer, channel).star)
  const toggle = (): void =>
    getState().setNote(layer, channel, { star: !noteOf(getState(), layer, channel).star })
  useKey('s', toggle)
  return (
    <button
      type="button"
      className="icon-button star-button"
      aria-label="Star"
      aria-pressed={isStarred}
      aria-keyshortcuts="S"
      {...named('Key S')}
      onClick={toggle}
    >
      <Star size={16} fill={isStarred ? 'currentColor' : 'none'} />
    </button>
  )
}

/** Calls back for a letter that is not typed into something. */
function useKey(letter: string, action: () => void): void {
  const latest = useRef(action)
  useEffect(() => {
    latest.current = action
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== letter || event.defaultPrevented) return
      if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return
      const { target } = event
      if (!(target instanceof Element)) return
      if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]')) return
      // In a list of layers, letters search.
      if (target.closest('[role=listbox]') || document.querySelector('.modal, .popover')) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [letter])
}
