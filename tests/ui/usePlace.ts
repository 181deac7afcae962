/** @file A place in the page for a component under test, and the word to React whether a test waits for its work. */
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach } from 'vitest'

declare global {
  // How React is told.
  var IS_REACT_ACT_ENVIRONMENT: boolean
}

export interface Place {
  readonly element: HTMLElement
  /** Within `act`, unless the test does without. */
  render(node: ReactNode): void
}

/**
 * A fresh one for each test of the file. `waits`: the test does within `act` whatever makes a component render; without,
 * components render by themselves, as for a person, and the test polls.
 */
export function usePlace({ waits = true } = {}): Place {
  let root: Root
  let element: HTMLElement
  beforeEach(() => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = waits
    element = document.body.appendChild(document.createElement('div'))
    root = createRoot(element)
  })
  afterEach(async () => {
    if (waits) await act(() => root.unmount())
    else root.unmount()
    element.remove()
  })
  return {
    get element() {
      return element
    },
    render: (node) => root.render(node),
  }
}
