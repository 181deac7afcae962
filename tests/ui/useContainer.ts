/** @file An element of the page for components under test. It also tells React whether the test waits for its work. */
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach } from 'vitest'

declare global {
  // React reads this variable.
  var IS_REACT_ACT_ENVIRONMENT: boolean
}

export interface Container {
  readonly element: HTMLElement
  /** Renders the component. To be called within `act`, unless the test works without it. */
  render(node: ReactNode): void
}

/**
 * Makes a fresh container for each test of the file. If `waits`, the test does everything that makes a component render
 * within `act`. Otherwise components render by themselves, as for a user, and the test polls.
 */
export function useContainer({ waits = true } = {}): Container {
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
