/** @file Offers to scan layers whose channels are shown by their kernels only. */
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { useApp } from '../useApp.ts'
import type { Shown } from './carriers.ts'

export function ScanOffer({ tiles }: { tiles: readonly { readonly shown: Shown | null }[] }) {
  const run = useApp((state) => state.run)
  const canRun = useApp((state) => state.model !== null && state.images !== null)
  const layers = [...new Set(tiles.flatMap(({ shown }) => (shown && !shown.isScanned ? [shown.layer] : [])))]
  if (layers.length === 0 || !canRun) return null
  const names =
    layers
      .slice(0, 2)
      .map((layer) => inSentence(layer))
      .join(' and ') + (layers.length > 2 ? ` and ${layers.length - 2} more` : '')
  return (
    <p className="circuits-offer">
      <span className="muted">Mosaics of {names} appear once they are scanned.</span>
      <Button className="button" onPress={() => void run(layers)}>
        Scan {names}
      </Button>
    </p>
  )
}
