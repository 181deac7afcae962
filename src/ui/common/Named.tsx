/** @file Shows the name of what has only a picture, a moment after it is pointed at, at once when Tab leads to it. */
import { type ReactNode, useState } from 'react'
import { Tooltip, TooltipTrigger } from 'react-aria-components'
import './named.css'

interface Props {
  label: string
  hint?: string | undefined
  /** One button. */
  children: ReactNode
}

/** Milliseconds: long enough not to flicker below a pointer that passes by. */
const delay = 350

/** What the user did last: a key, or the pointer. */
let latest = ''
globalThis.addEventListener?.('keydown', ({ key }) => void (latest = key), true)
globalThis.addEventListener?.('pointerover', () => void (latest = 'pointer'), true)

export function Named({ label, hint, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <TooltipTrigger
      delay={delay}
      closeDelay={0}
      isOpen={isOpen}
      // The focus that the page gives back, after a dialog or the tour, must open nothing: Esc would close that, and not
      // what the user looks at.
      onOpenChange={(open) => setOpen(open && (latest === 'Tab' || latest === 'pointer'))}
    >
      {children}
      <Tooltip className="tooltip" offset={4}>
        {label}
        {hint !== undefined && <span className="tooltip-hint">{hint}</span>}
      </Tooltip>
    </TooltipTrigger>
  )
}
