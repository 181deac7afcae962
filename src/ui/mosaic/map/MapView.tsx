/** @file The map of a layer's channels, or why there is none. */
import { Button } from 'react-aria-components'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { sampledMaxima } from '../../../core/scan/statistics/sampledMaxima.ts'
import { type MadeLayout, mostOnMap } from '../../../state/mosaic/channelLayouts.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { resultOf } from '../../../state/selectors/shown.ts'
import { NotScanned } from '../../scan/NotScanned.tsx'
import { useApp } from '../../useApp.ts'
import { ChannelMap } from './ChannelMap.tsx'
import { useLayout } from './useLayout.ts'
import { Name } from '../../common/Name.tsx'
import './map.css'

/** While a scan runs, a map of fewer images would say too little. */
const fewestImages = 30

export default function MapView({ layer }: { layer: string }) {
  const result = useApp((state) => resultOf(state, layer))
  return (
    <>
      <NotScanned layer={layer} />
      {result && <LaidOut key={layer} layer={layer} result={result} />}
    </>
  )
}

function LaidOut({ layer, result }: { layer: string; result: ReadableResult }) {
  // Changes with the scan.
  useApp((state) => state.revision)
  const isWaiting = useApp((state) => isUnderWay(state.scan) && result.scanned < fewestImages)
  const problem = isWaiting ? null : problemOf(result)
  const { made, isMaking, again } = useLayout(isWaiting || problem !== null ? null : result)
  if (isWaiting)
    return <p className="empty">The map comes as soon as {fewestImages} images have been scanned.</p>
  if (problem !== null) return <p className="empty">{problem}</p>
  if (!made && !isMaking) return <p className="empty">The map could not be laid out.</p>
  if (!made) return <p className="empty">Laying out {result.channels.toLocaleString('en')} channels…</p>
  if (!made.layout)
    return (
      <p className="empty">
        There is no map of <Name>{layer}</Name>: fewer than four of its channels differ from image to image.
      </p>
    )
  return (
    <>
      <div className="map-line muted">
        <p>{textOf(made, result)}</p>
        {result.scanned > made.scanned && (
          <Button className="button map-again" isDisabled={isMaking} onPress={again}>
            {isMaking ? 'Laying out…' : 'Lay out again'}
          </Button>
        )}
      </div>
      <ChannelMap layer={layer} result={result} layout={made.layout} />
    </>
  )
}

/** Why there is no map; null if there may be one. */
function problemOf(result: ReadableResult): string | null {
  if (result.channels < 4) return 'There is no map of fewer than four channels.'
  if (result.channels > mostOnMap)
    return `There is no map of more than ${mostOnMap.toLocaleString('en')} channels.`
  if (!result.of(sampledMaxima, 0))
    return 'A results file does not hold the maxima of single images, by which channels are laid out. Scan the layer to see its map.'
  return result.scanned < 3 ? 'There is no map by fewer than three images.' : null
}

/** `Channels that fire on the same images lie near to each other, by 512 of 3,000 images. 2 channels do not vary: they are left out.` */
function textOf({ layout, images, scanned }: MadeLayout, { channels }: ReadableResult): string {
  const all = scanned.toLocaleString('en')
  const by = images === scanned ? `all ${all}` : `${images} of ${all}`
  const missing = channels - layout!.channels.length
  const left =
    missing === 0
      ? ''
      : missing === 1
        ? ' 1 channel does not vary: it is left out.'
        : ` ${missing.toLocaleString('en')} channels do not vary: they are left out.`
  return `Channels that fire on the same images lie near to each other, by ${by} images.${left}`
}
