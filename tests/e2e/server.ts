/** Serves the production build once for all e2e tests. */
import type { TestProject } from 'vitest/node'
import { serveBuild } from '../../src/cli/browser.mjs'
import { ensureBuild } from '../../src/cli/install.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    url: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureBuild()
  const server = await serveBuild()
  project.provide('url', server.url)
  return () => server.close()
}
