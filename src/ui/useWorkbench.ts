/** @file The workbench is most of the page's script, and the first screen does without it: it comes when files do. */
import { useDeferredValue, useEffect, useState } from 'react'
import { isWorkbenchOpen } from '../state/selectors/shown.ts'
import { useApp } from './useApp.ts'
import type * as WorkbenchModule from './Workbench.tsx'

/**
 * The workbench's components as soon as a model and images are open, null before. It is there a little late and gone at
 * once: React builds what is shown with it in parts of a few milliseconds, between which the page goes on.
 */
export function useWorkbench(): typeof WorkbenchModule | null {
  const ready = useApp(isWorkbenchOpen)
  // Files take longer to open than the script takes to come.
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
