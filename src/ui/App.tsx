/** @file The page's frame: the header, below it the start screen or the workbench. Files can be dropped anywhere. */
import { lazy, type ReactNode, Suspense } from 'react'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { FileInputs } from './common/FileInputs.tsx'
import { Header } from './Header.tsx'
import { Names } from './common/Names.tsx'
import { Notices } from './common/Notices.tsx'
import { StartScreen } from './StartScreen.tsx'
import { TourProvider } from './tour/TourProvider.tsx'
import { useApp } from './useApp.ts'
import { useWorkbench } from './useWorkbench.ts'
import { useWindowDrop } from './images/useWindowDrop.ts'

const TorchHelp = lazy(() => import('./model/TorchHelp.tsx'))

export function App() {
  return (
    <FileInputs>
      <Frame>
        <TourProvider>
          <Page />
        </TourProvider>
        <Notices />
        <Names />
      </Frame>
    </FileInputs>
  )
}

/** Renders often during a drag. As its children come from above, they do not render with it. */
function Frame({ children }: { children: ReactNode }) {
  const dropping = useWindowDrop()
  const hasChannel = useApp((state) => state.channel !== null)
  return (
    <div className="app" data-dropping={dropping || undefined} data-channel={hasChannel || undefined}>
      {children}
    </div>
  )
}

function Page() {
  const workbench = useWorkbench()
  const isHelpOpen = useApp((state) => state.page === 'pytorch')
  return (
    <>
      <Header tools={workbench?.HeaderTools ?? null} />
      {workbench ? (
        <ErrorBoundary what="The workbench">
          <workbench.Workbench />
        </ErrorBoundary>
      ) : (
        <StartScreen />
      )}
      {isHelpOpen && (
        <Suspense>
          <TorchHelp />
        </Suspense>
      )}
    </>
  )
}
