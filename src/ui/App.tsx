/** @file The frame: header, start screen or workbench; drops are taken anywhere. */
import { lazy, Suspense, useEffect } from 'react'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { FileInputs } from './common/FileInputs.tsx'
import { Header } from './Header.tsx'
import { loadWorkbench } from './loadWorkbench.ts'
import { Notices } from './common/Notices.tsx'
import { StartScreen } from './StartScreen.tsx'
import { TourProvider } from './tour/TourProvider.tsx'
import { useApp } from './useApp.ts'
import { useWindowDrop } from './images/useWindowDrop.ts'

const Workbench = lazy(async () => ({ default: (await loadWorkbench()).Workbench }))

export function App() {
  const ready = useApp((state) => state.model !== null && state.images !== null)
  const begun = useApp((state) => state.openingModel !== null || state.readingImages !== null)
  const detail = useApp((state) => state.channel !== null)
  const report = useApp((state) => state.report)
  const dropping = useWindowDrop()
  // Files take longer to open than the workbench takes to come.
  useEffect(() => {
    if (begun) loadWorkbench().catch(report)
  }, [begun, report])
  return (
    <FileInputs>
      <div className="app" data-dropping={dropping || undefined} data-detail={(ready && detail) || undefined}>
        <TourProvider>
          <Header />
          {ready ? (
            <ErrorBoundary what="The workbench">
              <Suspense fallback={<main className="workbench" />}>
                <Workbench />
              </Suspense>
            </ErrorBoundary>
          ) : (
            <StartScreen />
          )}
        </TourProvider>
        <Notices />
      </div>
    </FileInputs>
  )
}
