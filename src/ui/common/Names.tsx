/**
 * @file Tooltips for buttons that have only a picture: shown a moment after the user points at a button, or at once when
 * Tab leads to it. There is one tooltip for the whole page, because a widget library's tooltips, one around each button,
 * took a tenth of the time that opening a channel takes.
 */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { namedAround } from './named.ts'
import './named.css'

/** Milliseconds. Long enough that no tooltip flickers under a passing pointer. */
const delay = 350
/** The distance in CSS pixels from the button, and from the edges of the window. */
const gap = 4

export function Names() {
  const [button, setButton] = useState<HTMLElement | null>(null)
  useEffect(() => followNamed(setButton), [])
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
    // A dialog hides everything outside of it from screen readers, except for elements with this attribute.
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

/** Calls `onChange` with the button whose name is to be shown now, or null. Returns a function that ends this. */
function followNamed(onChange: (button: HTMLElement | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pointed: HTMLElement | null = null
  let shown: HTMLElement | null = null
  let isTabbed = false
  const show = (button: HTMLElement | null): void => {
    clearTimeout(timer)
    if (button !== shown) onChange(button)
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
    // The first Esc only hides the name; the next one closes the dialog or panel around the button.
    if (event.key === 'Escape' && shown?.isConnected) {
      event.stopImmediatePropagation()
      event.preventDefault()
    }
    hide()
  }
  // If the page gives the focus back, after a dialog or the tour, no name is shown: Esc would then hide only the name
  // instead of closing what the user looks at.
  const onFocusIn = ({ target }: FocusEvent): void => show(isTabbed ? namedAround(target) : null)
  // After a press the name is not needed any more; it is shown again if the user points at the button again.
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
