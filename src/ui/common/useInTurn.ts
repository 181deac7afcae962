/** @file A value that a component finds in a turn of its own, so that a screen full of such components is not one long task. */
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { dropTurn, inTurn } from './turns.ts'

/**
 * `find` is called in a turn after it has changed, so memoise it; until then the value of the one before is returned, and null
 * before the first. However often `find` changes meanwhile, the component keeps its place among those that wait, and only the
 * latest is called.
 */
export function useInTurn<T>(find: () => T): T | null {
  const [value, setValue] = useState<T | null>(null)
  const latest = useRef(find)
  const [turn] = useState(() => () => {
    const found = latest.current()
    // It is rendered at once, so that the turn measures how long it takes.
    flushSync(() => setValue(() => found))
  })
  useEffect(() => {
    latest.current = find
    inTurn(turn)
  }, [find, turn])
  useEffect(() => () => dropTurn(turn), [turn])
  return value
}
