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
