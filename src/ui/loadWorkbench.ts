/** @file The workbench is most of the page's script, and the first screen does without it: it comes when files do. */
import type * as Workbench from './Workbench.tsx'

export function loadWorkbench(): Promise<typeof Workbench> {
  return import('./Workbench.tsx')
}
