/** @file The width of the page, in the steps at which its layout changes. The style sheets use the same widths. */
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

function follow(onChange: () => void): () => void {
  const queries = [belowWide, belowMiddle]
  for (const query of queries) query.addEventListener('change', onChange)
  return () => {
    for (const query of queries) query.removeEventListener('change', onChange)
  }
}

/** The width of the channel's panel without its margins, in CSS pixels. */
export function usePanelWidth(): number {
  return useSyncExternalStore(followSize, panelWidth)
}

const panelMargins = 32
/** The limit if the channel is a page of its own: larger mosaics would only be blurred. */
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

function followSize(onChange: () => void): () => void {
  addEventListener('resize', onChange)
  return () => removeEventListener('resize', onChange)
}
