/** A scan of the demo's images by script, which tests disturb: how it is opened, begun, watched, and what it has found. */
import { readFileSync } from 'node:fs'
import { expect, inject } from 'vitest'
import type { BrowserContext, Page, Worker } from 'playwright'
import type { WatchedBrowser } from './person.ts'

export const demo = new URL('../../public/demo/', import.meta.url).pathname
export const images = `${demo}images.zip`

export interface Setting {
  readonly backend: 'wasm' | 'webgl'
  readonly model: string
  readonly layers: readonly string[]
  /** The number of the demo's images. */
  readonly sample: number
}

/** A page with so many cores, on which the watchdog's seconds pass ten times as fast, so that no test waits two minutes. */
export async function impatientPage(
  browser: WatchedBrowser,
  context: BrowserContext,
  cores = 2,
): Promise<Page> {
  const made = await browser.newPage(context)
  await made.addInitScript((count) => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: count })
    const { setInterval } = window
    Object.assign(window, {
      setInterval: (handler: () => void, ms: number) => setInterval(handler, ms === 1000 ? 100 : ms),
    })
  }, cores)
  return made
}

/** Opens the page with model, images and settings. */
export async function open(page: Page, { backend, model, sample }: Setting): Promise<void> {
  await page.goto(inject('url'))
  await page.evaluate((name) => window.urpatch!.state().setBackend(name), backend)
  await page.getByLabel('Model file').setInputFiles(model)
  await page.getByLabel('Image files').setInputFiles(images)
  await page.waitForFunction(() => {
    const { model: opened, images: set, notices, dismiss } = window.urpatch!.state()
    // On a busy machine the impatient page may give up. A person then presses the button of the notice.
    for (const { id, action } of notices)
      if (action?.label === 'Open it and wait') {
        dismiss(id)
        action.run()
      }
    return opened && set
  })
  await page.evaluate(
    (first) =>
      window.urpatch!.configure({ settings: {}, k: 16, classes: null, splits: null, sample: String(first) }),
    sample,
  )
}

/** Waits until so many images have been scanned, or the scan has ended. */
export async function scanned(page: Page, count: number, timeout = 240_000): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const { scan } = window.urpatch!.state()
      return 'progress' in scan && scan.progress.done >= least
    },
    count,
    { timeout },
  )
}

/** The results file of what has been scanned. */
export async function saved(page: Page): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.urpatch!.saveResults()),
  ])
  return readFileSync(await download.path())
}

/** The results file once the scan has ended. */
export async function results(page: Page): Promise<Buffer> {
  await page.waitForFunction(
    () => ['done', 'failed', 'stopped'].includes(window.urpatch!.state().scan.status),
    undefined,
    { timeout: 240_000 },
  )
  expect(await page.evaluate(() => window.urpatch!.state().scan.status)).toBe('done')
  return saved(page)
}

/** Workers of a kind, as `engine` or `gallery`. */
export function workersOf(page: Page, kind: string): Worker[] {
  return page.workers().filter((worker) => worker.url().includes(`${kind}.worker`))
}
