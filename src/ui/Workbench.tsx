/** @file Layers, mosaics and the channel side by side, the run bar below; all that needs a model and images. */
import { ChannelPanel } from './mosaic/ChannelPanel.tsx'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { Later } from './common/Later.tsx'
import { InputView } from './images/InputView.tsx'
import { LayerPanel } from './model/LayerPanel.tsx'
import { MosaicPanel } from './mosaic/MosaicPanel.tsx'
import { RunBar } from './scan/RunBar.tsx'
import { useApp } from './useApp.ts'

export { HeaderTools } from './HeaderTools.tsx'

export function Workbench() {
  const modelName = useApp((state) => state.model?.name)
  return (
    <>
      <main className="workbench">
        <h1 className="visually-hidden">What excites the channels of {modelName}</h1>
        <ErrorBoundary what="The layer list">
          <Later fallback={<aside className="layers" />}>
            <LayerPanel />
          </Later>
        </ErrorBoundary>
        <ErrorBoundary what="The mosaics">
          <MosaicPanel />
        </ErrorBoundary>
        <ShownChannel />
      </main>
      <RunBar />
      <ErrorBoundary what="What the network sees">
        <InputView />
      </ErrorBoundary>
    </>
  )
}

/** By itself, so that opening a channel renders nothing else. */
function ShownChannel() {
  const shown = useApp((state) => state.channel !== null)
  return (
    shown && (
      <ErrorBoundary what="The channel">
        <ChannelPanel />
      </ErrorBoundary>
    )
  )
}
