/** @file The first stop of Tab: a button that skips the header and the layers. It is visible while it has the focus. */
import { Name } from './common/Name.tsx'
import { useApp } from './useApp.ts'

export function SkipLink() {
  const layer = useApp((state) => state.layer)
  if (layer === null) return null
  return (
    <button
      type="button"
      className="skip-link button"
      // This is a button because a link would change the address's hash, which holds the view.
      onClick={() => document.querySelector<HTMLElement>('.channel-item[tabindex="0"]')?.focus()}
    >
      Skip to the channels of <Name>{layer}</Name>
    </button>
  )
}
