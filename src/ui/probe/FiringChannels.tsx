/** @file The list of the channels that fire in the picture: a row for each layer. */
import { memo, useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { layersText } from '../../state/selectors/runOffer.ts'
import { scopeLayers } from '../../state/selectors/scopeLayers.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { formatCount } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { AllRow, LayerRow } from './FiringRow.tsx'
import { tileExtent } from './FiringTile.tsx'
import { useLookedAt } from './probingContext.ts'

/** CSS pixels between two tiles. */
const gap = 8

/** Is not rendered again with the picture's side, as when a channel is pointed at. */
export const FiringChannels = memo(function FiringChannels({ layers }: { layers: readonly number[] }) {
  const list = useRef<HTMLUListElement>(null)
  const [perLine, setPerLine] = useState(4)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width } = entry!.contentRect
      setPerLine(Math.max(1, Math.floor((width + gap) / (tileExtent + gap))))
    })
    observer.observe(list.current!)
    return () => observer.disconnect()
  }, [])
  return (
    <div className="firing">
      <Note layers={layers} />
      <ul ref={list} className="firing-list" aria-label="Channels that fire here">
        {layers.length > 1 && <AllRow layers={layers} perLine={perLine} />}
        {layers.map((layer) => (
          <LayerRow key={layer} index={layer} perLine={perLine} />
        ))}
      </ul>
    </div>
  )
})

/** Says what the ranking goes by. */
function Note({ layers }: { layers: readonly number[] }) {
  const { spot } = useLookedAt()
  const scanned = useApp((state) => {
    const counts = layers.map(
      (layer) => resultOf(state, state.model!.network.layers[layer]!.name)?.scanned ?? 0,
    )
    return Math.max(0, ...counts)
  })
  const others = useApp(
    (state) => state.model!.notScannable.filter((problem) => problem === null).length - layers.length,
  )
  const what = spot ? 'the unit at the spot' : 'the channel’s largest value in this picture'
  if (scanned === 0) return <NotScanned />
  return (
    <p className="firing-note muted">
      Ranked by how rare {what} is: higher than the maximum of so many of the {formatCount(scanned)} scanned{' '}
      {scanned === 1 ? 'image' : 'images'}, known to a bin of the channel’s histogram (an eighth of the
      value).
      {others > 0 && ` ${others === 1 ? 'One other layer is' : `${others} other layers are`} not scanned.`}
    </p>
  )
}

function NotScanned() {
  const isRunning = useApp((state) => isUnderWay(state.scan))
  const run = useApp((state) => state.run)
  const what = useApp((state) => inSentence(layersText(state, scopeLayers(state))))
  const canRun = useApp((state) => state.openingModel === null && scopeLayers(state).length > 0)
  return (
    <div className="firing-note">
      <p className="muted">
        No layer is scanned, so it is not known how rare a value is: channels are ranked by their value, as a
        share of the largest in the layer.
      </p>
      {!isRunning && canRun && (
        <Button className="button" onPress={() => void run()}>
          Scan {what}
        </Button>
      )}
    </div>
  )
}
