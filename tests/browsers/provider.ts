/** Lets Vitest run tests in the browsers that `launchFirefox` and `launchWebKit` drive: it needs no more than a page of its own there. */
import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProviderOption } from 'vitest/node'
import { launchFirefox } from './chromiumAndFirefox.ts'
import type { Driven } from './driven.ts'
import { launchWebKit } from './webkit.ts'

const launchers: Readonly<Record<string, () => Promise<Driven>>> = {
  firefox: launchFirefox,
  webkit: launchWebKit,
}

export function otherBrowsers(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'driven',
    supportedBrowser: Object.keys(launchers),
    providerFactory(project) {
      const launched: Promise<Driven>[] = []
      return {
        name: 'driven',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        async openPage(_session, url) {
          const one = launchers[project.config.browser.name]!()
          launched.push(one)
          await (await one).goto(url)
        },
        async close() {
          for (const one of launched.splice(0)) await (await one).close()
        },
      }
    },
  })
}
