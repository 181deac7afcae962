/** @file The keys of a row of buttons that is one stop for Tab: arrow keys lead along it. */
import { type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'

interface RowKeys {
  /** Of the element around the buttons. */
  readonly row: RefObject<HTMLDivElement | null>
  /** The index of the button that Tab leads to. */
  readonly stop: number
  readonly onKeyDown: (event: KeyboardEvent) => void
  /** To be called with the index of a button that gets the focus. */
  readonly onFocus: (index: number) => void
}

export function useRowKeys(items: number): RowKeys {
  const row = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const stop = Math.min(focused, items - 1)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const to = stepInGrid(event.key, stop, { items, columns: items, rowsPerPage: 1 })
    if (to === null) return
    event.preventDefault()
    row.current?.querySelectorAll<HTMLElement>('button')[to]?.focus()
  }
  return { row, stop, onKeyDown, onFocus: setFocused }
}
