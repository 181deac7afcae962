/**
 * Faults that browsers have in long work, caused on purpose in the production build: each scan must end with the results
 * file of an undisturbed one.
 */
import type { BrowserContext, Page, Worker } from 'playwright'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { isScanKept } from './isScanKept.ts'
import { fixtures, watchedBrowser } from './person.ts'
import * as scanOf from './scanOf.ts'
import { demo, images, impatientPage, type Setting } from './scanOf.ts'

/** Each of these scans takes about five seconds; for software WebGL that means a small network. */
const wasm: Setting = {
  backend: 'wasm',
  model: `${demo}model.h5`,
  layers: ['conv2d_2', 'conv2d_5'],
  sample: 960,
}
const webgl: Setting = {
  backend: 'webgl',
  model: `${fixtures}sequential.h5`,
  layers: ['conv_valid', 'out'],
  sample: 240,
}

/** This is put before an engine's own script, so that a test can reach the contexts inside of the worker. */
const contextsWithin = `
  self.contexts = new Set()
  const getContext = OffscreenCanvas.prototype.getContext
  OffscreenCanvas.prototype.getContext = function (...args) {
    const context = getContext.apply(this, args)
    if (args[0] === 'webgl2' && context) self.contexts.add(context)
    return context
  }
`

const browser = watchedBrowser()
let context: BrowserContext
let page: Page

beforeEach(async () => {
  // Without service workers: the offline copy would hide the engine's script from the test.
  context = await browser.newContext({ serviceWorkers: 'block' })
  page = await newPage()
})
afterEach(() => context.close())

async function newPage(cores?: number): Promise<Page> {
  const made = await impatientPage(browser, context, cores)
  await made.route(/engine\.worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: contextsWithin + (await response.text()) })
  })
  return made
}

async function open(setting: Setting): Promise<void> {
  await scanOf.open(page, setting)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
}

/** Begins a scan and does not wait for its end. */
async function begin({ layers }: Setting): Promise<void> {
  await page.evaluate((names) => void window.urpatch!.scan(names), layers)
}

const scanned = (count: number): Promise<void> => scanOf.scanned(page, count)

async function results(): Promise<ResultsFile> {
  return JSON.parse((await scanOf.results(page)).toString()) as ResultsFile
}

const engines = (): Worker[] => scanOf.workersOf(page, 'engine')

/** The latest notices. They are collected because information goes away by itself, on a busy machine before the end. */
function notices(): Promise<string[]> {
  return page.evaluate(() => {
    const texts = window.urpatch!.state().notices.map(({ text }) => text)
    return texts.length > 0 ? texts : ((window as { latestNotices?: string[] }).latestNotices ?? [])
  })
}

/** Runs in the page and collects what `notices` reads. */
function keepNotices(): void {
  setInterval(() => {
    const texts = window.urpatch!.state().notices.map(({ text }) => text)
    if (texts.length > 0) (window as { latestNotices?: string[] }).latestNotices = texts
  }, 100)
}

const undisturbed = new Map<Setting, ResultsFile>()

/** Scans, causes the fault in the middle, and compares the results. */
async function disturb(setting: Setting, fault: (engine: Worker) => Promise<unknown>): Promise<void> {
  await open(setting)
  await page.evaluate(keepNotices)
  await begin(setting)
  // A graphics card takes nearly all images in its second or third batch.
  await scanned(setting.backend === 'webgl' ? 1 : setting.sample / 4)
  await fault(engines()[0]!)
  expect(await results()).toEqual(await baseline(setting))
}

/** Scans in a browser of its own, in which nothing is kept. */
async function baseline(setting: Setting): Promise<ResultsFile> {
  if (!undisturbed.has(setting)) {
    const disturbed = { context, page }
    context = await browser.newContext({ serviceWorkers: 'block' })
    page = await newPage()
    await open(setting)
    await begin(setting)
    undisturbed.set(setting, await results())
    expect(await notices()).toEqual([])
    await context.close()
    ;({ context, page } = disturbed)
  }
  return undisturbed.get(setting)!
}

describe('a scan ends with the results of an undisturbed one', () => {
  it('when a worker ends without a word', async () => {
    await disturb(wasm, (engine) => engine.evaluate(() => self.close()).catch(() => undefined))
    expect(await notices()).toEqual([expect.stringContaining('replaced')])
  })

  it('when a worker throws outside of any call', async () => {
    await disturb(wasm, (engine) =>
      engine.evaluate(() => {
        setTimeout(() => {
          throw new Error('thrown by a test')
        })
      }),
    )
    expect(await notices()).toEqual([expect.stringContaining('thrown by a test')])
  })

  it('when all workers end', async () => {
    await disturb(wasm, () =>
      Promise.allSettled(engines().map((engine) => engine.evaluate(() => self.close()))),
    )
  })

  it('when the context of the graphics card is lost', async () => {
    await disturb(webgl, (engine) =>
      engine.evaluate(() => {
        for (const gl of (self as unknown as { contexts: Set<WebGL2RenderingContext> }).contexts)
          gl.getExtension('WEBGL_lose_context')?.loseContext()
      }),
    )
    expect(await notices()).toEqual([expect.stringContaining('replaced')])
  })

  it('when a read-back never comes', async () => {
    await disturb(webgl, (engine) =>
      engine.evaluate(() => {
        WebGL2RenderingContext.prototype.clientWaitSync = () => WebGL2RenderingContext.TIMEOUT_EXPIRED
      }),
    )
    expect(await notices()).toEqual([expect.stringContaining('replaced')])
  })

  it('when memory is refused, with fewer images a pass', async () => {
    await open(wasm)
    for (const engine of engines())
      await engine.evaluate(() => {
        WebAssembly.Memory.prototype.grow = () => {
          throw new RangeError('refused by a test')
        }
      })
    await begin(wasm)
    expect(await results()).toEqual(await baseline(wasm))
  })

  it('when the page is loaded again in the middle', async () => {
    await pauseInTheMiddle()
    await resumeElsewhere(() => page.reload())
  })

  it('when the page is loaded again in the moment of a pause, before anything was kept', async () => {
    await open(wasm)
    await begin(wasm)
    await scanned(1)
    await resumeElsewhere(async () => {
      const loaded = page.waitForEvent('load')
      // The answer may be lost with the page.
      const left = page.evaluate(() => {
        window.urpatch!.state().pause()
        location.reload()
      })
      await Promise.all([loaded, left.catch(() => undefined)])
    })
  })

  it('when the tab crashes after its last checkpoint', async () => {
    await pauseInTheMiddle()
    const { done } = await progress()
    await page.evaluate(() => window.urpatch!.state().resume())
    await scanned(done + 16)
    await resumeElsewhere(async () => {
      const crashed = page.waitForEvent('crash')
      page.goto('chrome://crash').catch(() => undefined)
      await crashed
      page = await newPage()
    })
  })

  async function pauseInTheMiddle(): Promise<void> {
    await open(wasm)
    await begin(wasm)
    await scanned(wasm.sample / 4)
    await page.evaluate(() => window.urpatch!.state().pause())
    await expect.poll(() => page.evaluate(isScanKept), { timeout: 60_000 }).toBe(true)
  }

  async function progress(): Promise<{ done: number }> {
    return page.evaluate(() => {
      const { scan } = window.urpatch!.state()
      return { done: 'progress' in scan ? scan.progress.done : 0 }
    })
  }

  async function resumeElsewhere(leave: () => Promise<unknown>): Promise<void> {
    await leave()
    await page.goto(inject('url'))
    await page.getByRole('region', { name: 'Unfinished scan' }).waitFor()
    await page.getByLabel('Model file').setInputFiles(wasm.model)
    await page.getByLabel('Image files').setInputFiles(images)
    await page.getByRole('button', { name: /^Resume scan/ }).click()
    expect(await results()).toEqual(await baseline(wasm))
  }

  it.each([1, 3])('with %i workers instead of two', async (cores) => {
    await page.close()
    page = await newPage(cores)
    await open(wasm)
    expect(await page.evaluate(() => window.urpatch!.state().workers)).toBe(cores)
    await begin(wasm)
    expect(await results()).toEqual(await baseline(wasm))
  })
})
