/** @file Renders a part of the page that is not urgent after the rest. */
import { type ReactNode, startTransition, useEffect, useState } from 'react'
import { dropTurn, inTurn } from './turns.ts'

interface Props {
  children: ReactNode
  /** Fills the space until then. */
  fallback?: ReactNode
}

/** Renders its children once everything around them is on the screen, so that a large page is not one long task. */
export function Later({ children, fallback = null }: Props) {
  const [here, setHere] = useState(false)
  useEffect(() => {
    const come = (): void => startTransition(() => setHere(true))
    inTurn(come)
    return () => dropTurn(come)
  }, [])
  return here ? children : fallback
}
