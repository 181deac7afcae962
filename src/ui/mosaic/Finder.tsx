/** @file The page with all channels of all scanned layers, to be searched, filtered and sorted by what is known of them. */
import { useCallback, useMemo } from 'react'
import { scannedLayers } from '../../state/selectors/measured.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { ChannelTableBox } from './table/ChannelTableBox.tsx'
import './finder.css'

const separator = '\n'

export default function Finder() {
  const { getState } = useAppStore()
  // A text is the same one as long as the layers are.
  const joined = useApp((state) => scannedLayers(state).join(separator))
  const names = useMemo(() => (joined === '' ? [] : joined.split(separator)), [joined])
  const showPage = useApp((state) => state.showPage)
  const open = useCallback(
    (layer: string, channel: number) => getState().followChannel(layer, channel),
    [getState],
  )
  return (
    <ModalPage onClose={() => showPage(null)} className="roomy-modal" dialogClassName="finder">
      <ModalHead title="Finder">
        <span className="muted">
          {names.length === 1 ? 'One scanned layer' : `${names.length} scanned layers`}
        </span>
      </ModalHead>
      {names.length === 0 ? (
        <p className="empty">No layer has been scanned yet.</p>
      ) : (
        <ChannelTableBox key={joined} label="All channels" names={names} onOpen={open} />
      )}
    </ModalPage>
  )
}
