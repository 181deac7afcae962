/**
 * @file Notices at the foot of the page. They lie above everything, also dialogs, which make room for them; pressing a
 * button here does not close a dialog. Information goes away by itself; errors and warnings stay until they are closed.
 */
import { X } from 'lucide-react'
import { type FocusEvent, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Button } from 'react-aria-components'
import type { Notice } from '../../state/appState.ts'
import { named } from './named.ts'
import { useApp } from '../useApp.ts'

/** The time that information stays; longer if there is a button to press. */
const staysMs = 6000
const staysWithActionMs = 12_000

export function Notices() {
  const notices = useApp((state) => state.notices)
  const region = useRef<HTMLDivElement>(null)
  /** The element that had the focus before it moved into the notices. */
  const focusBefore = useRef<Element | null>(null)
  useRoom(region)
  useLatestInSight(region, notices.at(-1)?.id)

  const remember = ({ relatedTarget }: FocusEvent): void => {
    if (!region.current!.contains(relatedTarget)) focusBefore.current = relatedTarget
  }
  /** Moves the focus to another notice, or back to where it was, before a notice with the focus goes away. */
  const passFocusOn = (id: number): void => {
    const leaving = region.current!.querySelector(`[data-notice="${id}"]`)
    if (!leaving?.contains(document.activeElement)) return
    const next = leaving.nextElementSibling ?? leaving.previousElementSibling
    const to = next?.querySelector('[data-dismiss]') ?? focusBefore.current
    if (to instanceof HTMLElement && to.isConnected) to.focus()
  }

  // The attribute keeps React Aria's dialogs from making the notices inert, and from closing at a click on them.
  return createPortal(
    <div ref={region} className="notices" role="status" aria-live="polite" data-react-aria-top-layer="true">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onFocus={remember} onLeave={passFocusOn} />
      ))}
    </div>,
    document.body,
  )
}

interface CardProps {
  notice: Notice
  onFocus: (event: FocusEvent) => void
  onLeave: (id: number) => void
}

function NoticeCard({ notice, onFocus, onLeave }: CardProps) {
  const { id, kind, text, action } = notice
  const dismiss = useApp((state) => state.dismiss)
  const [isHovered, setHovered] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const leave = (): void => {
    onLeave(id)
    dismiss(id)
  }
  const time = kind === 'info' ? (action ? staysWithActionMs : staysMs) : null
  useTimer(() => dismiss(id), isHovered || isFocused ? null : time)
  return (
    <div
      className="notice"
      data-kind={kind}
      data-notice={id}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={(event) => {
        onFocus(event)
        setFocused(true)
      }}
      onBlur={() => setFocused(false)}
    >
      <p>{text}</p>
      {action && (
        <Button
          className="button"
          onPress={() => {
            leave()
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <Button aria-label="Dismiss" {...named()} className="icon-button" data-dismiss onPress={leave}>
        <X size={16} />
      </Button>
    </div>
  )
}

/** Calls `act` once the page has been visible for `after` milliseconds without a break; never if that is null. */
function useTimer(act: () => void, after: number | null): void {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    if (after === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const start = (): void => {
      clearTimeout(timer)
      if (!document.hidden) timer = setTimeout(() => latest.current(), after)
    }
    start()
    document.addEventListener('visibilitychange', start)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', start)
    }
  }, [after])
}

/** Hands the notices' height to the style sheets, so that dialogs end above them. */
function useRoom(region: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { style } = document.documentElement
    const observer = new ResizeObserver(([entry]) => {
      const { height } = entry!.contentRect
      if (height > 0) style.setProperty('--notices-height', `${Math.ceil(height)}px`)
      else style.removeProperty('--notices-height')
    })
    observer.observe(region.current!)
    return () => {
      observer.disconnect()
      style.removeProperty('--notices-height')
    }
  }, [region])
}

/** If there are more notices than there is room for, the latest one is in sight; to the others one can scroll. */
function useLatestInSight(region: React.RefObject<HTMLElement | null>, latest: number | undefined): void {
  useEffect(() => {
    region.current!.scrollTo({ top: region.current!.scrollHeight })
  }, [region, latest])
}
