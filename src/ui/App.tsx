/** @file The frame: header, start screen or workbench, run bar; drops are taken anywhere. */
import { ChannelPanel } from './mosaic/ChannelPanel.tsx'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { FileInputs } from './common/FileInputs.tsx'
import { Header } from './Header.tsx'
import { LayerPanel } from './model/LayerPanel.tsx'
import { MosaicPanel } from './mosaic/MosaicPanel.tsx'
import { Notices } from './common/Notices.tsx'
import { RunBar } from './scan/RunBar.tsx'
import { StartScreen } from './StartScreen.tsx'
import { useApp } from './useApp.ts'
import { useWindowDrop } from './images/useWindowDrop.ts'

export function App() {
  const ready = useApp((state) => state.model !== null && state.images !== null)
  const modelName = useApp((state) => state.model?.name)
  const detail = useApp((state) => state.channel !== null)
  const dropping = useWindowDrop()
  return (
    <FileInputs>
      <div className="app" data-dropping={dropping || undefined} data-detail={(ready && detail) || undefined}>
        <Header />
        {ready ? (
          <main className="workbench">
            <h1 className="visually-hidden">What excites the channels of {modelName}</h1>
            <ErrorBoundary what="The layer list">
              <LayerPanel />
            </ErrorBoundary>
            <ErrorBoundary what="The mosaics">
              <MosaicPanel />
            </ErrorBoundary>
            {detail && (
              <ErrorBoundary what="The channel">
                <ChannelPanel />
              </ErrorBoundary>
            )}
          </main>
        ) : (
          <StartScreen />
        )}
        {ready && <RunBar />}
        <Notices />
      </div>
    </FileInputs>
  )
}
