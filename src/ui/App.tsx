/** @file The frame: header, start screen or workbench; drops are taken anywhere. */
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { FileInputs } from './common/FileInputs.tsx'
import { Header } from './Header.tsx'
import { loadWorkbench } from './loadWorkbench.ts'
import { Notices } from './common/Notices.tsx'
import { StartScreen } from './StartScreen.tsx'
import { TourProvider } from './tour/TourProvider.tsx'
import { useApp } from './useApp.ts'
import { useReady } from './useReady.ts'
import { useWindowDrop } from './images/useWindowDrop.ts'

const Workbench = lazy(async () => ({ default: (await loadWorkbench()).Workbench }))

export function App() {
  return (
    <FileInputs>
      <Frame>
        <TourProvider>
          <Header />
          <Main />
        </TourProvider>
        <Notices />
      </Frame>
      <WorkbenchAhead />
    </FileInputs>
  )
}

/** Renders often, its children with it only when they have to. */
function Frame({ children }: { children: ReactNode }) {
  const dropping = useWindowDrop()
  const detail = useApp(({ model, images, channel }) => model !== null && images !== null && channel !== null)
  return (
    <div className="app" data-dropping={dropping || undefined} data-detail={detail || undefined}>
      {children}
    </div>
  )
}

function Main() {
  const ready = useReady()
  if (!ready) return <StartScreen />
  return (
    <ErrorBoundary what="The workbench">
      <Suspense fallback={<main className="workbench" />}>
        <Workbench />
      </Suspense>
    </ErrorBoundary>
  )
}

/** Files take longer to open than the workbench takes to come. */
function WorkbenchAhead() {
  const begun = useApp((state) => state.openingModel !== null || state.readingImages !== null)
  const report = useApp((state) => state.report)
  useEffect(() => {
    if (begun) loadWorkbench().catch(report)
  }, [begun, report])
  return null
}
