/** @file The channels of the shown layer, and how they are shown. */
import { useScreen } from '../common/useScreen.ts'
import { PreprocessingSuggestion } from '../preprocessing/PreprocessingSuggestion.tsx'
import { layerLine } from '../model/layerFacts.ts'
import { LayerMenu } from '../model/LayerMenu.tsx'
import { LayerNotes } from '../model/LayerNotes.tsx'
import { UrPatchButton } from '../model/UrPatchButton.tsx'
import { NotScanned } from '../scan/NotScanned.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { aloneOf, modelOf } from '../../state/selectors/shown.ts'
import { RecordedBanner } from '../results/RecordedBanner.tsx'
import { useApp } from '../useApp.ts'
import { ChannelGrid } from './ChannelGrid.tsx'
import { GoTo } from './GoTo.tsx'
import { SortAgain } from './SortAgain.tsx'
import { ViewControls, ViewMenu } from './ViewControls.tsx'
import { WideFieldNote } from './WideFieldNote.tsx'

export function MosaicPanel() {
  const layer = useApp((state) => state.layer)
  return (
    <section className="mosaics" aria-label="Mosaics">
      <RecordedBanner />
      <PreprocessingSuggestion />
      <Toolbar />
      <Notes />
      <WideFieldNote />
      <TourStop anchor="mosaics" />
      {layer === null ? (
        <p className="empty">This model has no layer that can be scanned.</p>
      ) : (
        <>
          <NotScanned layer={layer} />
          <SortAgain />
          <ChannelGrid layer={layer} />
        </>
      )}
    </section>
  )
}

function Toolbar() {
  const screen = useScreen()
  const name = useApp((state) => state.layer)
  const line = useApp((state) => layerLine(state, state.layer))
  const isRun = useApp((state) => modelOf(state) !== null)
  // On narrow screens all of it is in the header.
  if (screen === 'narrow' && isRun) return null
  return (
    <div className="toolbar">
      {screen === 'wide' ? (
        name !== null && (
          <h2 className="toolbar-title" title={name}>
            {name} <span className="muted">{line}</span>
          </h2>
        )
      ) : (
        <LayerMenu />
      )}
      {isRun && name !== null && <UrPatchButton text="Trace" />}
      <span className="spacer" />
      {screen === 'wide' ? <ViewControls /> : <ViewMenu />}
      <GoTo />
    </div>
  )
}

function Notes() {
  const index = useApp((state) => {
    const layers = aloneOf(state)?.layers ?? state.model!.network.layers
    return layers.findIndex(({ name }) => name === state.layer)
  })
  return <LayerNotes index={index} />
}
