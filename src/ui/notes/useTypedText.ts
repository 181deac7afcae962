/** @file A text that is typed in place and kept without a button: soon after the last key, and when the field is left. */
import { useEffect, useRef, useState } from 'react'

/** Milliseconds after the last key. */
const soon = 400

export interface TypedText {
  readonly value: string
  onType(text: string): void
  /** To be called when the field gets the focus. */
  onEnter(): void
  /** To be called when the field loses the focus: all that was typed counts. */
  onLeave(): void
  /** Takes back all that was typed since the field got the focus. */
  giveUp(): void
}

/**
 * `kept`: the text as it is kept, which may change by itself. `onEmptied` hears of the text that the user has removed, once the
 * field is left. The component has to be another one for another channel (`key`); what was typed is kept when it goes.
 */
export function useTypedText(
  kept: string,
  keep: (text: string) => void,
  onEmptied: (before: string) => void,
): TypedText {
  const [typed, setTyped] = useState<string | null>(null)
  const now = useRef({ kept, keep, typed, before: kept })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    Object.assign(now.current, { kept, keep })
  })
  const settle = (): void => {
    clearTimeout(timer.current)
    const { typed: last, keep: put } = now.current
    if (last === null) return
    now.current.typed = null
    put(last.trim())
  }
  useEffect(
    () => () => {
      const { typed: last, keep: put } = now.current
      if (last !== null) put(last.trim())
      now.current.typed = null
    },
    [],
  )
  return {
    value: typed ?? kept,
    onType(text) {
      setTyped(text)
      now.current.typed = text
      clearTimeout(timer.current)
      timer.current = setTimeout(settle, soon)
    },
    onEnter() {
      now.current.before = kept
    },
    onLeave() {
      const emptied = typed?.trim() === '' && now.current.before !== ''
      settle()
      setTyped(null)
      if (emptied) onEmptied(now.current.before)
    },
    giveUp() {
      if (typed === null) return
      now.current.typed = now.current.before
      settle()
      setTyped(null)
    },
  }
}
