/** @file Pages that lie over the workbench, one at a time. Each is loaded when it is opened and has its own address. */
import { lazy, Suspense } from 'react'
import { InputView } from './preprocessing/InputView.tsx'
import { useApp } from './useApp.ts'
import { useShortcutKey } from './useShortcutKey.ts'

const ComparePage = lazy(() => import('./compare/ComparePage.tsx'))
const Finder = lazy(() => import('./mosaic/Finder.tsx'))
const ImagePage = lazy(() => import('./probe/ImagePage.tsx'))
const LayerTable = lazy(() => import('./model/LayerTable.tsx'))
const NotesPage = lazy(() => import('./notes/NotesPage.tsx'))
const ProbePage = lazy(() => import('./probe/ProbePage.tsx'))
const Shortcuts = lazy(() => import('./Shortcuts.tsx'))
const UrPatch = lazy(() => import('./model/UrPatch.tsx'))

export function Pages() {
  useShortcutKey()
  const page = useApp((state) => state.page)
  // A results file may be open without its model.
  const hasModel = useApp((state) => state.model !== null)
  const hasImages = useApp((state) => state.images !== null)
  const hasLayer = useApp((state) => state.layer !== null)
  return (
    <Suspense>
      {page === 'summary' && hasModel && <LayerTable />}
      {page === 'trace' && hasModel && hasLayer && <UrPatch />}
      {page === 'compare' && <ComparePage />}
      {page === 'finder' && <Finder />}
      {page === 'keys' && <Shortcuts />}
      {page === 'notes' && <NotesPage />}
      {page === 'image' && hasModel && hasImages && <ImagePage />}
      {page === 'probe' && hasModel && hasImages && <ProbePage />}
      <InputView />
    </Suspense>
  )
}
