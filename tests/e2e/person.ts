/** A user at the page: one browser per file of tests and a fresh page per test, whose console is watched. */
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest'
import { launchChromium } from '../../src/cli/browser.mjs'

export interface WatchedBrowser {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Opens a page and watches it. */
  newPage(context: BrowserContext): Promise<Page>
  /** What the watched pages have written to their consoles, and errors that they have not caught. */
  readonly noise: string[]
}

/** One browser for a file of tests. After each test there must be no noise; contexts are the test's to close. */
export function watchedBrowser(): WatchedBrowser {
  let browser: Browser
  const noise: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(() => {
    noise.length = 0
  })
  afterEach(() => {
    expect(noise).toEqual([])
  })

  return {
    noise,
    newContext: (options) => browser.newContext(options),
    async newPage(context) {
      const page = await context.newPage()
      page.on('console', (message) => {
        if (message.text() !== 'Service Worker registration blocked by Playwright')
          noise.push(`${message.type()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => noise.push(`pageerror: ${error.message}`))
      return page
    },
  }
}

export interface Person {
  page: Page
  /** The addresses of all requests so far. */
  requests: string[]
}

const wide = { width: 1440, height: 900 }

/** A page of its own for each test. */
export function usePerson(viewport = wide): Person {
  return usePage(viewport, beforeEach, afterEach)
}

/** One page for all tests of a block: the person opens one thing after the other. */
export function useStayingPerson(viewport = wide): Person {
  return usePage(viewport, beforeAll, afterAll)
}

function usePage(
  viewport: { width: number; height: number },
  before: typeof beforeEach | typeof beforeAll,
  after: typeof afterEach | typeof afterAll,
): Person {
  const browser = watchedBrowser()
  const person = { requests: [] as string[] } as Person
  let context: BrowserContext

  before(async () => {
    person.requests = []
    context = await browser.newContext({ viewport })
    person.page = await browser.newPage(context)
    person.page.on('request', (request) => person.requests.push(request.url()))
  })
  after(async () => {
    await context.close()
    // No request has left the machine.
    const own = new URL(inject('url')).origin
    expect(person.requests.filter((url) => !url.startsWith(own) && !/^(blob|data):/.test(url))).toEqual([])
  })
  return person
}

export const fixtures = new URL('../fixtures/', import.meta.url).pathname
/** The kit of real data lies beside the project, never in it; it may be missing. */
export const kit = new URL('../../../shared/kit/', import.meta.url).pathname

/** Opens files as a user does through the two buttons. */
export async function openFiles(page: Page, model: string, images: string): Promise<void> {
  await chooseFiles(page, 'Open model', model)
  await chooseFiles(page, 'Open images', images)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
}

/** Drops files from the disk onto the page. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
}

/** Takes all notices away. */
export async function dismissNotices(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { notices, dismiss } = window.urpatch!.state()
    for (const { id } of notices) dismiss(id)
  })
}

/** What an item of the Export menu saves. */
export async function savedFile(page: Page, item: string): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item, exact: true }).click(),
  ])
  return readFileSync(await download.path())
}

/** Chooses files for a button that opens some. */
export async function chooseFiles(page: Page, button: string, files: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button }).click(),
  ])
  await chooser.setFiles(files)
}

export async function scanEnds(page: Page): Promise<void> {
  const ended = (): boolean => {
    const status = window.urpatch?.state().scan.status
    return status === 'done' || status === 'failed' || status === 'stopped'
  }
  await page.waitForFunction(ended, undefined, { timeout: 240_000 })
}

/** Stops the demo's own scan and scans a small sample instead, which is always the same. */
export async function scanFewOfDemo(page: Page): Promise<void> {
  // Before the scan begins, Stop would end the reading of the images.
  await scanReaches(page, 1)
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.evaluate(async () => {
    const { setSelection, run } = window.urpatch!.state()
    setSelection({ classes: null, splits: null, sample: { random: 60, seed: 1 } })
    await run()
  })
}

/** Waits until so many images have been scanned, in a scan of `total` images if that is given. */
export async function scanReaches(page: Page, done: number, total?: number): Promise<void> {
  const reached = ([wanted, all]: [number, number | undefined]): boolean => {
    const scan = window.urpatch?.state().scan
    if (!scan || !('progress' in scan)) return false
    return scan.progress.done >= wanted && (all === undefined || scan.progress.total === all)
  }
  await page.waitForFunction(reached, [done, total] as [number, number | undefined], { timeout: 240_000 })
}
