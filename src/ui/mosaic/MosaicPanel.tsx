/** @file The channels of the shown layer, in the chosen view. */
import { Suspense } from 'react'
import { CompareButton } from '../compare/CompareButton.tsx'
import { SeriesBanner } from '../compare/SeriesBanner.tsx'
import { ErrorBoundary } from '../common/ErrorBoundary.tsx'
import { Name } from '../common/Name.tsx'
import { useScreen } from '../common/useScreen.ts'
import { PreprocessingSuggestion } from '../preprocessing/PreprocessingSuggestion.tsx'
import { layerLine } from '../model/layerFacts.ts'
import { LayerMenu } from '../model/LayerMenu.tsx'
import { LayerNotes } from '../model/LayerNotes.tsx'
import { UrPatchButton } from '../model/UrPatchButton.tsx'
import { NamedCount } from '../notes/NamedCount.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { aloneOf, modelOf } from '../../state/selectors/shown.ts'
import { RecordedBanner } from '../results/RecordedBanner.tsx'
import { useApp } from '../useApp.ts'
import { RangeWatch } from './Filter.tsx'
import { FinderButton } from './FinderButton.tsx'
import { GoTo } from './GoTo.tsx'
import { ViewMenu } from './ViewMenu.tsx'
import { useView, useViews } from './views/useView.ts'
import { viewPanelId, ViewTabs } from './views/ViewTabs.tsx'

export function MosaicPanel() {
  const layer = useApp((state) => state.layer)
  return (
    <section className="mosaics" aria-label="Mosaics">
      <RecordedBanner />
      <SeriesBanner />
      <PreprocessingSuggestion />
      <Toolbar />
      <Notes />
      <RangeWatch />
      <TourStop anchor="mosaics" />
      {layer === null ? (
        <p className="empty">This model has no layer that can be scanned.</p>
      ) : (
        <View layer={layer} />
      )}
    </section>
  )
}

function View({ layer }: { layer: string }) {
  const { id, label, Component } = useView()
  const hasTabs = useViews().length > 1
  return (
    <div className="view" {...(hasTabs && { role: 'tabpanel', id: viewPanelId, 'aria-label': label })}>
      <ErrorBoundary key={id} what="This view">
        <Suspense>
          <Component layer={layer} />
        </Suspense>
      </ErrorBoundary>
    </div>
  )
}

function Toolbar() {
  const screen = useScreen()
  const name = useApp((state) => state.layer)
  const line = useApp((state) => layerLine(state, state.layer))
  const isRun = useApp((state) => modelOf(state) !== null)
  const { Controls } = useView()
  // On narrow screens all of it is in the header.
  if (screen === 'narrow' && isRun) return null
  return (
    <>
      <div className="toolbar">
        {screen === 'wide' ? (
          name !== null && (
            <h2 className="toolbar-title" title={`${name}\n${line}`}>
              <Name>{name}</Name> <span className="muted">{line}</span>
            </h2>
          )
        ) : (
          <LayerMenu />
        )}
        {isRun && name !== null && <UrPatchButton text="Trace" />}
        <NamedCount />
        <span className="spacer" />
        {screen !== 'narrow' && <ViewTabs />}
        {screen !== 'wide' && <ViewMenu />}
        <FinderButton />
        <CompareButton />
        <GoTo />
      </div>
      {screen === 'wide' && Controls && (
        <div className="toolbar view-row">
          <Controls />
        </div>
      )}
    </>
  )
}

function Notes() {
  const index = useApp((state) => {
    const layers = aloneOf(state)?.layers ?? state.model!.network.layers
    return layers.findIndex(({ name }) => name === state.layer)
  })
  return <LayerNotes index={index} />
}
