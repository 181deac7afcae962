/** @file The width of the page, in the steps at which its layout changes. The style sheets use the same widths. */
import { createContext, useContext, useSyncExternalStore } from 'react'

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

/** The width of a part of the panel, if it is not that of the panel; in CSS pixels. */
export const PanelWidth = createContext<number | null>(null)

/** The width that a section of the channel has: that of the panel without its margins, or of a part of it, in CSS pixels. */
export function usePanelWidth(): number {
  const ofPanel = useSyncExternalStore(followSize, panelWidth)
  return useContext(PanelWidth) ?? ofPanel
}

/** The width of the page in CSS pixels. */
export function usePageWidth(): number {
  return useSyncExternalStore(followSize, pageWidth)
}

/** The share of the page's height that large pictures take at most, and their size on the lowest pages, in CSS pixels. */
const pictureShare = 0.4
const leastPicture = 160

/** The size of the largest pictures of a channel, so that something else is still on the screen; in CSS pixels. */
export function useLargestPicture(): number {
  return useSyncExternalStore(followSize, largestPicture)
}

function largestPicture(): number {
  return Math.max(leastPicture, Math.floor(document.documentElement.clientHeight * pictureShare))
}

function pageWidth(): number {
  return document.documentElement.clientWidth
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
      // A window may be narrower than its margins for a moment.
      return Math.max(0, Math.min(pageWidth() - panelMargins, widestPage))
  }
}

function followSize(onChange: () => void): () => void {
  addEventListener('resize', onChange)
  return () => removeEventListener('resize', onChange)
}
