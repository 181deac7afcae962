/** @file Which project is open. */
import type { AppState } from '../appState.ts'

/** The address is relative to the page, which may lie in any folder of a host. */
export const demoProject = 'demo/demo.urpatch-project.json'

/** The address of the project to which the open model and images belong. */
export function openProjectOf({ project, model, images }: AppState): string | null {
  return project !== null && model?.source === project.model && images === project.images
    ? project.address
    : null
}

/** Whether the open model and images are the demo's. */
export function isDemoOpen(state: AppState): boolean {
  const address = openProjectOf(state)
  return address !== null && address === new URL(demoProject, document.baseURI).href
}
