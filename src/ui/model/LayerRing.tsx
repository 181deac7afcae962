/**
 * @file A ring that fills while a layer is scanned. It subscribes to the store itself, so that a scan does not render the
 * whole list.
 */
import type { AppState } from '../../state/appState.ts'
import { chosenImages, withoutSample } from '../../state/scan/coverage.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'
import './layer-ring.css'

export function LayerRing({ layer }: { layer: string }) {
  const part = useApp((state) => partOf(state, layer))
  const isQueued = useApp((state) => queued(state, layer))
  const text = useApp((state) => scannedText(state, layer))
  if (part === null && !isQueued) return null
  return (
    <span className="layer-ring" title={text} aria-hidden>
      <svg viewBox="0 0 12 12" width={12} height={12} aria-hidden data-queued={isQueued || undefined}>
        <circle className="layer-ring-track" cx={6} cy={6} r={4.5} />
        {part !== null && (
          <circle
            className="layer-ring-part"
            cx={6}
            cy={6}
            r={4.5}
            pathLength={100}
            strokeDasharray={`${part} 100`}
            transform="rotate(-90 6 6)"
          />
        )}
        {part === 100 && <circle className="layer-ring-whole" cx={6} cy={6} r={2.25} />}
      </svg>
    </span>
  )
}

/** The same as text for screen readers, after the facts of the layer. */
export function LayerScanned({ layer }: { layer: string }) {
  const text = useApp((state) => scannedText(state, layer))
  return text !== '' && <span className="visually-hidden">, {text}</span>
}

/** The scanned part of the images in whole per cent, 100 only if nothing is left; null if there are no results. */
function partOf(state: AppState, layer: string): number | null {
  if (!resultOf(state, layer)) return null
  const counts = countsOf(state, layer)
  // A results file does not say how many images there were, so it counts as whole.
  return counts && counts.of > 0 ? Math.floor((counts.scanned / counts.of) * 100) : 100
}

function scannedText(state: AppState, layer: string): string {
  const waits = queued(state, layer) ? 'queued' : ''
  if (!resultOf(state, layer)) return waits
  const counts = countsOf(state, layer)
  if (!counts) return 'scanned'
  return `${textOf(counts)}${waits && `, ${waits}`}`
}

let latest = { scanned: -1, of: -1, text: '' }

/**
 * Caches the latest text: layers that are scanned together all have the same, and each is asked for it at every change
 * of the store.
 */
function textOf({ scanned, of }: { scanned: number; of: number }): string {
  if (latest.scanned !== scanned || latest.of !== of)
    latest = { scanned, of, text: `scanned ${scanned.toLocaleString('en')} of ${of.toLocaleString('en')}` }
  return latest.text
}

function countsOf(
  { images, coverage, selection }: AppState,
  layer: string,
): { scanned: number; of: number } | null {
  const mask = coverage.get(layer)?.images
  if (!images || !mask) return null
  return { scanned: mask.count, of: chosenImages(images.table, withoutSample(selection)).length }
}

function queued({ queue }: AppState, layer: string): boolean {
  return queue.some(({ names }) => names.includes(layer))
}
