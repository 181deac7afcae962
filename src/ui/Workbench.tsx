/**
 * @file The workbench: layers, mosaics and the channel side by side if there is room, with the run bar below. This script
 * holds everything that needs a model and images.
 */
import type { ReactNode } from 'react'
import { aloneOf } from '../state/selectors/shown.ts'
import { ChannelPlace } from './mosaic/ChannelPlace.tsx'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { Later } from './common/Later.tsx'
import { LayerPanel } from './model/LayerPanel.tsx'
import { MosaicPanel } from './mosaic/MosaicPanel.tsx'
import { OrderNews } from './mosaic/OrderNews.tsx'
import { PageTitle } from './scan/PageTitle.tsx'
import { Pages } from './Pages.tsx'
import { RecordedBar } from './results/RecordedBar.tsx'
import { RunBar } from './scan/RunBar.tsx'
import { ScanNews } from './scan/ScanNews.tsx'
import { useApp } from './useApp.ts'
import { useScreen } from './common/useScreen.ts'

export { HeaderTools } from './HeaderTools.tsx'

export function Workbench() {
  const screen = useScreen()
  const modelName = useApp((state) => aloneOf(state)?.model.name ?? state.model?.name)
  const isAlone = useApp((state) => aloneOf(state) !== null)
  return (
    <>
      <Main>
        <h1 className="visually-hidden">What excites the channels of {modelName}</h1>
        {screen === 'wide' && (
          <ErrorBoundary what="The layer list">
            <Later fallback={<aside className="layers" />}>
              <LayerPanel />
            </Later>
          </ErrorBoundary>
        )}
        <ErrorBoundary what="The mosaics">
          <MosaicPanel />
        </ErrorBoundary>
        <ErrorBoundary what="The channel">
          <ChannelPlace />
        </ErrorBoundary>
      </Main>
      {isAlone ? <RecordedBar /> : <RunBar />}
      <ScanNews />
      <OrderNews />
      <PageTitle />
      <ErrorBoundary what="This page">
        <Pages />
      </ErrorBoundary>
    </>
  )
}

/**
 * It renders none of its children again. It says itself whether the channel lies over it: a rule with `:has` would make the
 * browser find the styles of all of the workbench again with each element that comes or goes anywhere in it.
 */
function Main({ children }: { children: ReactNode }) {
  const opening = useApp((state) => state.openingModel !== null)
  const full = useApp((state) => state.full)
  const isFull = useScreen() !== 'narrow' && full
  return (
    <main
      className="workbench"
      aria-busy={opening}
      data-opening={opening || undefined}
      data-full={isFull || undefined}
    >
      {children}
    </main>
  )
}
