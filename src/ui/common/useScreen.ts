/** @file How wide the page is, in the steps in which its layout changes; the same as in the style sheets. */
import { useSyncExternalStore } from 'react'

/** Wide: layers, mosaics and channel side by side. Middle: the layers are a menu. Narrow: the channel is a page. */
export type Screen = 'wide' | 'middle' | 'narrow'

const belowWide = matchMedia('(max-width: 1199px)')
const belowMiddle = matchMedia('(max-width: 899px)')

export function useScreen(): Screen {
  return useSyncExternalStore(follow, screen)
}

function screen(): Screen {
  return belowMiddle.matches ? 'narrow' : belowWide.matches ? 'middle' : 'wide'
}

function follow(tell: () => void): () => void {
  const queries = [belowWide, belowMiddle]
  for (const query of queries) query.addEventListener('change', tell)
  return () => {
    for (const query of queries) query.removeEventListener('change', tell)
  }
}

/** CSS pixels across the panel of a channel, without its margins. */
export function usePanelWidth(): number {
  return useSyncExternalStore(followSize, panelWidth)
}

const panelMargins = 32
/** On a page of its own, a larger one would only be blurred. */
const widestPage = 640

function panelWidth(): number {
  switch (screen()) {
    case 'wide':
      return 360 - panelMargins
    case 'middle':
      return 300 - panelMargins
    case 'narrow':
      return Math.min(document.documentElement.clientWidth - panelMargins, widestPage)
  }
}

function followSize(tell: () => void): () => void {
  addEventListener('resize', tell)
  return () => removeEventListener('resize', tell)
}
