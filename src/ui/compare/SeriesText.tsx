/** @file Several models that are scanned one after the other: which they are, and how far that is. */
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { layersText } from '../../state/selectors/runOffer.ts'
import { scopeLayers } from '../../state/selectors/scopeLayers.ts'
import { seriesLeft } from '../../state/selectors/series.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** Nothing if there is no series. `hasRun`: whether its own button scans them. */
export function SeriesText({ hasRun = false }: { hasRun?: boolean }) {
  const { getState } = useAppStore()
  const series = useApp((state) => state.series)
  const layers = useApp((state) => inSentence(layersText(state, scopeLayers(state))))
  const isScanning = useApp((state) => isUnderWay(state.scan))
  const canRun = useApp(
    (state) => state.model !== null && state.images !== null && state.openingModel === null,
  )
  const left = useApp((state) => seriesLeft(state).length)
  const hasImages = useApp((state) => state.images !== null)
  if (!series) return null
  const failed = series.filter(({ status }) => status === 'failed')
  const at = series.findIndex(({ status }) => status === 'under way')
  const next = !hasImages
    ? 'Open the images to scan them.'
    : at >= 0
      ? `${isScanning ? 'Scanning' : 'Opening'} ${inSentence(series[at]!.name)}, ${at + 1} of ${series.length}.`
      : left > 0
        ? `Run scans ${layers} in one after the other, ${left} of ${series.length} yet to come.`
        : failed.length > 0
          ? `${series.length - failed.length} of ${series.length} are scanned.`
          : 'All are scanned.'
  return (
    <div className="series">
      <p>
        <b>{series.length} models</b>: {series.map(({ name }) => inSentence(name)).join(', ')}.{' '}
        <span role="status">{next}</span>
        {failed.length > 0 && ` Not scanned: ${failed.map(({ name }) => inSentence(name)).join(', ')}.`}
      </p>
      {hasRun && left > 0 && at < 0 && hasImages && (
        <Button className="button primary" isDisabled={!canRun} onPress={() => void getState().runSeries()}>
          Scan {left === series.length ? `all ${left}` : `the other ${left}`}
        </Button>
      )}
    </div>
  )
}
