/**
 * @file Shows the name of what has only a picture, a moment after it is pointed at, at once when Tab leads to it. One for
 * the whole page: what a widget library needs around each button took a tenth of all that opening a channel does.
 */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { namedAround } from './named.ts'
import './named.css'

/** Milliseconds: long enough not to flicker below a pointer that passes by. */
const delay = 350
/** CSS pixels between it and the button, and at the edges of the window. */
const gap = 4

export function Names() {
  const [button, setButton] = useState<HTMLElement | null>(null)
  useEffect(() => followWho(setButton), [])
  return button && <Name button={button} onGone={() => setButton(null)} />
}

function Name({ button, onGone }: { button: HTMLElement; onGone: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const hint = button.dataset['named']
  useLayoutEffect(() => {
    const { left, top, bottom, width } = button.getBoundingClientRect()
    const { offsetWidth, offsetHeight, style } = box.current!
    const above = top - gap - offsetHeight
    const rightmost = document.documentElement.clientWidth - offsetWidth - gap
    style.left = `${Math.max(gap, Math.min(left + (width - offsetWidth) / 2, rightmost))}px`
    style.top = `${above >= gap ? above : bottom + gap}px`
  }, [button])
  useEffect(() => {
    if (!hint) return
    button.setAttribute('aria-describedby', id)
    return () => button.removeAttribute('aria-describedby')
  }, [button, hint, id])
  useEffect(() => {
    const observer = new MutationObserver(() => !button.isConnected && onGone())
    observer.observe(document.body, { childList: true, subtree: true })
    return () => observer.disconnect()
  })
  return createPortal(
    // Also of what is in a dialog, which hides all that is outside of it but for what says that it is above.
    <div ref={box} role="tooltip" className="tooltip" data-react-aria-top-layer>
      {button.ariaLabel ?? button.textContent}
      {hint && (
        <span id={id} className="tooltip-hint">
          {hint}
        </span>
      )}
    </div>,
    document.body,
  )
}

/** Tells which button is to show its name now. Returns how to end that. */
function followWho(tell: (button: HTMLElement | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pointed: HTMLElement | null = null
  let shown: HTMLElement | null = null
  let isTabbed = false
  const show = (button: HTMLElement | null): void => {
    clearTimeout(timer)
    if (button !== shown) tell(button)
    shown = button
  }
  const hide = (): void => show(null)
  const onPointerOver = ({ target, pointerType }: PointerEvent): void => {
    const over = pointerType === 'touch' ? null : namedAround(target)
    if (over === pointed) return
    pointed = over
    hide()
    if (over) timer = setTimeout(() => over.isConnected && show(over), delay)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    isTabbed = event.key === 'Tab'
    // What the button belongs to is closed by the next one.
    if (event.key === 'Escape' && shown?.isConnected) {
      event.stopImmediatePropagation()
      event.preventDefault()
    }
    hide()
  }
  // The focus that the page gives back, after a dialog or the tour, shows nothing: Esc would close that, and not what the
  // user looks at.
  const onFocusIn = ({ target }: FocusEvent): void => show(isTabbed ? namedAround(target) : null)
  // Pressed, it has done what it is named for; pointing at it again says it again.
  const onPointerDown = (): void => hide()

  const ending = new AbortController()
  const options = { capture: true, signal: ending.signal }
  addEventListener('pointerover', onPointerOver, options)
  addEventListener('pointerdown', onPointerDown, options)
  addEventListener('keydown', onKeyDown, options)
  addEventListener('focusin', onFocusIn, options)
  addEventListener('focusout', hide, options)
  addEventListener('scroll', hide, options)
  return () => {
    clearTimeout(timer)
    ending.abort()
  }
}
