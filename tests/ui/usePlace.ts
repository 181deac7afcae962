/** @file A place in the page for a component under test, and the word to React that a test waits for its work. */
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach } from 'vitest'

declare global {
  // How React is told.
  var IS_REACT_ACT_ENVIRONMENT: boolean
}
globalThis.IS_REACT_ACT_ENVIRONMENT = true

export interface Place {
  readonly element: HTMLElement
  /** Within `act`. */
  render(node: ReactNode): void
}

/** A fresh one for each test of the file. */
export function usePlace(): Place {
  let root: Root
  let element: HTMLElement
  beforeEach(() => {
    element = document.body.appendChild(document.createElement('div'))
    root = createRoot(element)
  })
  afterEach(async () => {
    await act(() => root.unmount())
    element.remove()
  })
  return {
    get element() {
      return element
    },
    render: (node) => root.render(node),
  }
}
