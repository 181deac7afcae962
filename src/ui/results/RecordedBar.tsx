/** @file The foot of the page while a results file is shown. */
import { aloneOf, besideOf } from '../../state/selectors/shown.ts'
import { formatCount } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { imagesNote, patchesNote } from './recordedNotes.ts'
import { Name } from '../common/Name.tsx'
import './recorded.css'

export function RecordedBar() {
  const recorded = useApp(aloneOf)
  const layer = useApp((state) => state.layer)
  if (!recorded) return null
  const { count, skipped } = recorded.images
  const scanned = recorded.layers.find(({ name }) => name === layer)?.scanned
  return (
    <footer className="run-bar">
      <p className="run-text">
        {scanned !== undefined && `${formatCount(scanned)} of ${formatCount(count)} images scanned`}
        {skipped.length > 0 && ` · ${formatCount(skipped.length)} skipped`}
      </p>
    </footer>
  )
}

/** Beside a scan's layers: says that the shown layer is from a file, and what cannot be done with it. */
export function RecordedNote() {
  const recorded = useApp(besideOf)
  const layer = useApp((state) => state.layer)
  const isScanned = useApp((state) => layer !== null && state.results.has(layer))
  const k = useApp((state) => state.k)
  const closeResults = useApp((state) => state.closeResults)
  if (!recorded || isScanned || layer === null || !recorded.results.has(layer)) return null
  const { scanned } = recorded.results.get(layer)!
  const notes = [imagesNote(recorded), patchesNote(recorded, k)].filter(Boolean).join(' ')
  return (
    <p className="recorded-note">
      <Name>{layer}</Name> is from <Name>{recorded.name}</Name>, of {formatCount(scanned)} images. {notes}{' '}
      {recorded.stays ?? 'A scan cannot go on from a results file, as sums are not in it; Run makes it anew.'}{' '}
      <button type="button" className="button quiet" onClick={closeResults}>
        Close the file
      </button>
    </p>
  )
}
