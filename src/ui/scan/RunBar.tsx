/** @file The foot of the page: how far the scan is, how fast it goes, and what it takes. */
import { Button, ProgressBar } from 'react-aria-components'
import { activationsBytes, formatBytes, imagesTensorBytes } from '../../core/estimates.ts'
import type { AppState } from '../../state/appState.ts'
import { imagesLeft } from '../../state/scanPlan.ts'
import { formatDuration } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { UnfinishedHere } from './UnfinishedScan.tsx'

export function RunBar() {
  const scan = useApp((state) => state.scan)
  const skipped = useApp((state) => state.skipped.size)
  // The shown layer, where it is not among the results.
  const waiting = useApp(({ layer, results }) => (layer !== null && !results.has(layer) ? layer : null))
  const progress = 'progress' in scan ? scan.progress : null
  return (
    <footer className="run-bar">
      <UnfinishedHere />
      {progress && (
        <ProgressBar
          className="progress"
          aria-label="Scan progress"
          value={progress.done}
          maxValue={Math.max(1, progress.total)}
          valueLabel={`${progress.done} of ${progress.total} images`}
        >
          {({ percentage }) => (
            <div className="progress-track">
              <div
                className="progress-fill"
                data-status={scan.status}
                style={{ width: `${percentage ?? 0}%` }}
              />
            </div>
          )}
        </ProgressBar>
      )}
      <p className="run-text">
        {progress && describe(scan, skipped)}
        <Rest />
        {waiting !== null && (
          <b>{waiting} has not been scanned yet: press Run, and its mosaics fill while the scan goes on.</b>
        )}
      </p>
      <Memory />
    </footer>
  )
}

function describe(scan: AppState['scan'], skipped: number): string {
  if (!('progress' in scan)) return ''
  const { done, total, imagesPerSecond } = scan.progress
  const of = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  const parts: string[] = []
  if (scan.status === 'preparing') parts.push('Preparing the workers…')
  else parts.push(of)
  if (scan.status === 'paused') parts.push('paused')
  if (scan.status === 'running' && imagesPerSecond !== null)
    parts.push(
      `${imagesPerSecond.toPrecision(3)} images/s`,
      `${formatDuration((total - done) / imagesPerSecond)} left`,
    )
  if ('seconds' in scan) {
    parts.push({ done: 'done', stopped: 'stopped', failed: 'failed' }[scan.status])
    if (imagesPerSecond)
      parts.push(`${formatDuration(scan.seconds)} at ${imagesPerSecond.toPrecision(3)} images/s`)
  }
  if (skipped > 0) parts.push(`${skipped} skipped`)
  return parts.join(' · ')
}

/** After a sample, or where a scan was stopped: what is left adds to the results. */
function Rest() {
  const layer = useApp((state) => state.layer)
  const left = useApp((state) => (state.layer === null ? 0 : imagesLeft(state, state.layer)))
  const runRest = useApp((state) => state.runRest)
  if (layer === null || left <= 0) return null
  return (
    <Button className="button rest" onPress={() => void runRest(layer)}>
      Scan the rest ({left.toLocaleString('en')})
    </Button>
  )
}

/** The exercise's question: what would it take to keep everything, and what does it really take? */
function Memory() {
  const model = useApp((state) => state.model)!
  const images = useApp((state) => state.images)!
  const layerName = useApp((state) => state.layer)
  const peakBytes = useApp((state) => state.peakBytes)
  const layer = model.network.layers.find(({ name }) => name === layerName)
  const count = images.table.paths.length
  return (
    <p className="memory muted">
      <span>All images as float32: {formatBytes(imagesTensorBytes(count, model.network.inputShape))}</span>
      {layer && layer.op !== null && (
        <span>All activations of this layer: {formatBytes(activationsBytes(count, layer.shape))}</span>
      )}
      {peakBytes > 0 && <span>Urpatch uses {formatBytes(peakBytes)}</span>}
    </p>
  )
}
