/** @file The first thing that Tab leads to: a way past the header and the layers, seen while it has the focus. */
import { useApp } from './useApp.ts'

export function SkipLink() {
  const layer = useApp((state) => state.layer)
  if (layer === null) return null
  return (
    <button
      type="button"
      className="skip-link button"
      // The address's hash is the view's.
      onClick={() => document.querySelector<HTMLElement>('.channel-item[tabindex="0"]')?.focus()}
    >
      Skip to the channels of {layer}
    </button>
  )
}
