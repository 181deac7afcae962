/** @file Which project is open. */
import type { AppState } from '../appState.ts'

/** Relative to the page, which may live in any folder of a host. */
export const demoProject = 'demo/demo.urpatch-project.json'

/** Address of the project whose model and images are on the screen. */
export function openProjectOf({ project, model, images }: AppState): string | null {
  return project !== null && model?.source === project.model && images === project.images
    ? project.address
    : null
}

/** Whether model and images on the screen are the demo's. */
export function isDemoOpen(state: AppState): boolean {
  const address = openProjectOf(state)
  return address !== null && address === new URL(demoProject, document.baseURI).href
}
