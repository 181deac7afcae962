/** @file Announces to screen readers that a scan has begun, paused or ended. The progress bar says how far it is. */
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../../state/appState.ts'
import { useApp } from '../useApp.ts'

export function ScanNews() {
  const text = useApp(newsOf)
  return (
    <p className="visually-hidden" role="status" data-scan-news>
      {text}
    </p>
  )
}

/** The text changes only with the status, so that not every image is announced. */
function newsOf({ scan, skipped }: AppState): string {
  if (scan.status === 'preparing' || scan.status === 'running') {
    const { layers, total } = scan.progress
    const what = layers.length === 1 ? inSentence(layers[0]!) : `${layers.length} layers`
    return `The scan of ${what} has begun: ${total.toLocaleString('en')} images.`
  }
  if (!('progress' in scan)) return ''
  const { done, total } = scan.progress
  const far = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} images`
  const left = skipped.size > 0 ? `, of which ${skipped.size.toLocaleString('en')} could not be read` : ''
  if (scan.status === 'paused') return `The scan is paused after ${far}.`
  if (scan.status === 'done') return `The scan is done: ${far}${left}.`
  if (scan.status === 'stopped') return `The scan was stopped after ${far}${left}.`
  return `The scan has failed after ${far}.`
}
