/**
 * Chromium and Firefox by puppeteer: over Chrome's protocol the one, over WebDriver BiDi the other. Playwright drives a Firefox of its own
 * only, which Debian does not have.
 */
import { type Browser, launch as start, type LaunchOptions } from 'puppeteer-core'
import { browserFlags, ensureChromium } from '../../src/cli/chromium.mjs'
import { type BrowserName, type Driven, ownFolder, patience } from './driven.ts'
import { findFirefox } from './install.mjs'

export function launchChromium(): Promise<Driven> {
  return launch('Chromium', () => ({
    browser: 'chrome',
    executablePath: ensureChromium(),
    args: browserFlags,
  }))
}

/** `prefs` are settings as in `about:config`. */
export function launchFirefox(prefs: Readonly<Record<string, unknown>> = {}): Promise<Driven> {
  return launch('Firefox', (downloads) => ({
    browser: 'firefox',
    executablePath: findFirefox()!,
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.useDownloadDir': true,
      'browser.download.always_ask_before_handling_new_types': false,
      ...prefs,
    },
  }))
}

async function launch(name: BrowserName, optionsFor: (downloads: string) => LaunchOptions): Promise<Driven> {
  const own = ownFolder(name)
  let browser: Browser
  try {
    browser = await start({
      headless: true,
      defaultViewport: { width: 1440, height: 900 },
      timeout: patience,
      protocolTimeout: patience,
      ...optionsFor(own.downloads),
    })
  } catch (error) {
    own.remove()
    throw error
  }
  const [page = await browser.newPage()] = await browser.pages()
  page.setDefaultTimeout(patience)
  const noise: string[] = []
  page.on('console', (message) => noise.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) =>
    noise.push(`pageerror: ${error instanceof Error ? error.message : String(error)}`),
  )
  if (name === 'Chromium') {
    const session = await browser.target().createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: own.downloads })
  }
  const find = async (xpath: string) => {
    const element = await page.$(`::-p-xpath(${xpath})`)
    if (!element) throw new Error(`${name} finds nothing at ${xpath}`)
    return element
  }
  return {
    name,
    version: await browser.version(),
    own,
    noise: async () => noise,
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    evaluate: <R>(run: unknown, ...args: unknown[]) =>
      page.evaluate(run as (...all: unknown[]) => R | Promise<R>, ...args) as Promise<R>,
    async click(xpath) {
      const element = await find(xpath)
      await element.click()
      await element.dispose()
    },
    async setFiles(xpath, files) {
      const element = (await find(xpath)) as Awaited<ReturnType<typeof page.$<'input'>>>
      await element!.uploadFile(...files)
    },
    async close() {
      await browser.close()
      own.remove()
    },
  }
}
