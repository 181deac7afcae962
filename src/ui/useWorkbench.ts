/**
 * @file Loads the workbench. It is most of the page's script, and the first screen works without it, so it is loaded when
 * the user opens files.
 */
import { useDeferredValue, useEffect, useState } from 'react'
import { isWorkbenchOpen } from '../state/selectors/shown.ts'
import { useApp } from './useApp.ts'
import type * as WorkbenchModule from './Workbench.tsx'

/**
 * The workbench's components once a model and images are open; null before. It appears a little late, because React
 * builds it in parts of a few milliseconds, between which the page can answer. It goes away at once.
 */
export function useWorkbench(): typeof WorkbenchModule | null {
  const ready = useApp(isWorkbenchOpen)
  // The script is loaded as soon as files are being opened: they take longer than the script.
  const begun = useApp(
    ({ openingModel, readingImages, openingResults }) =>
      openingModel !== null || readingImages !== null || openingResults !== null,
  )
  const report = useApp((state) => state.report)
  const [workbench, setWorkbench] = useState<typeof WorkbenchModule | null>(null)
  const wanted = (ready || begun) && workbench === null
  useEffect(() => {
    if (wanted) import('./Workbench.tsx').then(setWorkbench, report)
  }, [wanted, report])
  const shown = useDeferredValue(ready ? workbench : null, null)
  return ready ? shown : null
}
