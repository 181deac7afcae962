/** @file A note over the empty grid of a layer without results: a button to scan it, or when it will be scanned. */
import { Button } from 'react-aria-components'
import { layersText } from '../../state/selectors/runOffer.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'
import './not-scanned.css'

export function NotScanned({ layer }: { layer: string }) {
  const hasResults = useApp((state) => resultOf(state, layer) !== undefined)
  const canScan = useApp(({ model, images, openingModel }) => model && images && openingModel === null)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const isNext = useApp(({ scan }) => isUnderWay(scan) && scan.progress.layers.includes(layer))
  const queued = useApp(({ queue }) => queue.find(({ names }) => names.includes(layer))?.id)
  const current = useApp((state) =>
    isUnderWay(state.scan) ? layersText(state, state.scan.progress.layers) : '',
  )
  const run = useApp((state) => state.run)
  const unqueue = useApp((state) => state.unqueue)
  if (hasResults || !canScan || isNext) return null
  return (
    <section className="not-scanned" aria-label="Not scanned yet">
      {queued !== undefined ? (
        <>
          <p>
            <Name>{layer}</Name> is queued: it is scanned after <Name>{current}</Name>.
          </p>
          <Button className="button" onPress={() => unqueue(queued)}>
            Take <Name>{layer}</Name> out of the queue
          </Button>
        </>
      ) : (
        <>
          <p>
            {layer} {underWay ? `is not part of the scan of ${current}.` : 'has not been scanned yet.'}
          </p>
          <Button className="button" onPress={() => void run([layer])}>
            {underWay ? 'Queue' : 'Scan'} <Name>{layer}</Name>
          </Button>
        </>
      )}
    </section>
  )
}
