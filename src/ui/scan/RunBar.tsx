/** @file The foot of the page: how far the scan is, its speed, the queue and the memory. */
import { X } from 'lucide-react'
import { ProgressBar } from 'react-aria-components'
import { activationsBytes, formatBytes, imagesTensorBytes } from '../../core/estimates.ts'
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../../state/appState.ts'
import { resumableOf } from '../../state/selectors/resumable.ts'
import { RecordedNote } from '../results/RecordedBar.tsx'
import { formatDuration, formatRate } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { SavedNote } from './SavedNote.tsx'
import { UnfinishedHere } from './UnfinishedScan.tsx'
import { Name } from '../common/Name.tsx'

export function RunBar() {
  const scan = useApp((state) => state.scan)
  const skipped = useApp((state) => state.skipped.size)
  const unfinished = useApp((state) => resumableOf(state) !== null)
  const progress = 'progress' in scan ? scan.progress : null
  return (
    <footer className="run-bar">
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
      {progress && (
        <p className="run-text">
          {describe(scan, skipped)} <SavedNote />
        </p>
      )}
      <RecordedNote />
      <Queue />
      <UnfinishedHere />
      {!unfinished && <Memory />}
    </footer>
  )
}

function describe(scan: AppState['scan'], skipped: number): string {
  if (!('progress' in scan)) return ''
  const { done, total, imagesPerSecond, layers } = scan.progress
  const parts: string[] = []
  if (scan.status === 'preparing') parts.push('Preparing the workers…')
  else parts.push(`${done.toLocaleString('en')} of ${total.toLocaleString('en')}`)
  // This explains gaps in mosaics of a few images.
  if (skipped > 0)
    parts.push(
      `${skipped.toLocaleString('en')} skipped, mosaics are of ${(done - skipped).toLocaleString('en')}`,
    )
  if (scan.status === 'paused') parts.push('paused')
  if (scan.status === 'running' && imagesPerSecond !== null)
    parts.push(
      `${formatRate(imagesPerSecond)} images/s`,
      `${formatDuration((total - done) / imagesPerSecond)} left`,
    )
  if ('seconds' in scan) {
    parts.push({ done: 'done', stopped: 'stopped', failed: 'failed' }[scan.status])
    if (imagesPerSecond)
      parts.push(`${formatDuration(scan.seconds)} at ${formatRate(imagesPerSecond)} images/s`)
  }
  parts.push(layers.length === 1 ? inSentence(layers[0]!) : `${layers.length} layers`)
  return parts.join(' · ')
}

/** What is scanned next. There is only one line, so only the first item is named. */
function Queue() {
  const next = useApp(({ queue }) => queue[0])
  const more = useApp(({ queue }) => queue.length - 1)
  const unqueue = useApp((state) => state.unqueue)
  if (!next) return null
  const name = next.names.length === 1 ? next.names[0]! : `${next.names.length} layers`
  return (
    <p className="run-queue">
      <span>
        then <Name>{name}</Name>
        {more > 0 && ` and ${more} more`}
      </span>
      <IconButton label={`Take ${inSentence(name)} out of the queue`} onPress={() => unqueue(next.id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </p>
  )
}

/** Answers the exercise's question: the memory that keeping everything would take and, as a bar, what is used. */
function Memory() {
  const model = useApp((state) => state.model)!
  const images = useApp((state) => state.images)!
  const layerName = useApp((state) => state.layer)
  const used = useApp((state) => state.peakBytes)
  const layer = model.network.layers.find(({ name }) => name === layerName)
  if (!layer || layer.op === null) return null
  const count = images.table.paths.length
  const forImages = imagesTensorBytes(count, model.network.inputShape)
  const forLayer = activationsBytes(count, layer.shape)
  const all = forImages + forLayer
  const text = `Keeping all would take ${formatBytes(forImages)} for the images as float32 and ${formatBytes(forLayer)} for the activations of this layer.`
  return (
    <p className="memory muted" title={text}>
      {used > 0 && (
        <>
          <span>memory {formatBytes(used)}</span>
          <span className="memory-bar" aria-hidden>
            <span style={{ width: `${Math.min(100, (used / all) * 100)}%` }} />
          </span>
        </>
      )}
      <span>
        {used > 0 ? 'of' : 'memory'} {formatBytes(all)} if all were kept
      </span>
    </p>
  )
}
