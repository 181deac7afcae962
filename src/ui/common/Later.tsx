/** @file A part of the page that need not be there with the rest. */
import { type ReactNode, startTransition, useEffect, useState } from 'react'
import { dropTurn, inTurn } from './turns.ts'

interface Props {
  children: ReactNode
  /** Keeps its place. */
  fallback?: ReactNode
}

/** Comes after what is around it has been shown, so that a large page is not one long task. */
export function Later({ children, fallback = null }: Props) {
  const [here, setHere] = useState(false)
  useEffect(() => {
    const come = (): void => startTransition(() => setHere(true))
    inTurn(come)
    return () => dropTurn(come)
  }, [])
  return here ? children : fallback
}
