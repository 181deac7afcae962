/** @file Opens the page with a network and images, in a Chromium of its own for each measurement. */
import { chromium } from 'playwright'
import { browserFlags, ensureChromium } from '../../src/cli/chromium.mjs'
import { untilOpen } from '../../src/cli/untilOpen.mjs'

/** @typedef {import('playwright').Page} Page */

/**
 * The things that all sections need.
 * @typedef Bench
 * @property {string} url The address of the served build.
 * @property {readonly string[]} flags Flags of Chromium in addition to the usual ones.
 * @property {import('./report.mjs').Report} report
 */

/**
 * @typedef PageOptions
 * @property {number} [cores] The number of logical processors that the page sees; by default all.
 * @property {import('../../src/core/backendNames.ts').BackendChoice} [backend]
 * @property {import('./inputs.mjs').BenchNetwork} [network]
 * @property {import('./inputs.mjs').BenchImages} [images]
 * @property {(page: Page) => Promise<void>} [prepare] Called before anything is loaded.
 */

/**
 * Playwright makes V8 look up source positions for stack traces. React makes two `Error`s when it is loaded, so V8
 * parses the whole script again: 30 ms of the page's first task, which a user's browser does not spend. With this flag
 * V8 keeps the positions when it compiles, and the first task takes as long as without Playwright.
 */
const keepPositions = '--js-flags=--no-enable-lazy-source-positions'

/** No single measurement takes as long as this, unless it hangs. */
const mostMinutes = 10

/**
 * @template T
 * @param {Bench} bench
 * @param {PageOptions} options
 * @param {(page: Page) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withPage({ url, flags }, options, measure) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...browserFlags, keepPositions, ...flags],
  })
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      // The copy for use offline would take time and memory at any moment of a first visit.
      serviceWorkers: 'block',
    })
    page.setDefaultTimeout(0)
    const ended = new Promise((_, reject) => {
      setTimeout(
        () => reject(new Error(`It took longer than ${mostMinutes} minutes.`)),
        mostMinutes * 60_000,
      ).unref()
      page.on('crash', () => reject(new Error('The page has crashed.')))
      page.on('pageerror', reject)
    })
    const done = open(page, url, options).then(() => measure(page))
    return /** @type {T} */ (await Promise.race([ended, done]))
  } finally {
    await browser.close()
  }
}

/** @param {Page} page @param {string} url @param {PageOptions} options */
async function open(page, url, { cores, backend, network, images, prepare }) {
  if (cores !== undefined)
    await page.addInitScript((value) => {
      Object.defineProperty(navigator, 'hardwareConcurrency', { value })
    }, cores)
  await prepare?.(page)
  await page.goto(url)
  await page.waitForFunction(() => window.urpatch)
  if (backend) await page.evaluate((choice) => window.urpatch?.state().setBackend(choice), backend)
  if (network) {
    await page.getByLabel('Model file').setInputFiles([...network.files])
    await untilOpen(page, 'model')
    await failOnError(page)
    // The comparison with the reference would begin after two quiet seconds, in the middle of a measurement.
    await page.waitForFunction(
      () => !['waiting', 'running'].includes(String(window.urpatch?.state().selfTest?.status)),
    )
  }
  if (images) {
    await page.getByLabel(images.isFolder ? 'Image folder' : 'Image files').setInputFiles(images.path)
    await untilOpen(page, 'images')
    await failOnError(page)
  }
}

/** @param {Page} page */
async function failOnError(page) {
  const notices = await page.evaluate(() => window.urpatch?.state().notices ?? [])
  const error = notices.find(({ kind }) => kind === 'error')
  if (error) throw new Error(error.text)
}

/** The layer of a network that is measured, and the one whose pass computes all others. @param {Page} page */
export async function layersOf(page) {
  return page.evaluate(() => {
    const layers = window.urpatch?.state().model?.network.layers ?? []
    const maps = layers.filter((layer) => layer.op !== null && layer.shape.length === 3)
    return { lastMap: maps.at(-1)?.name ?? '', last: layers.at(-1)?.name ?? '' }
  })
}

/**
 * Makes a whole scan of `count` images, chosen at random but always the same; by default all.
 * @param {Page} page
 * @param {readonly string[] | 'all'} layers
 * @param {number} [count]
 */
export async function scan(page, layers, count) {
  const sample = count === undefined ? 'all' : `random:${count}:1`
  await page.evaluate((chosen) => {
    window.urpatch?.state().clearResults()
    window.urpatch?.configure({ settings: {}, k: 16, classes: null, splits: null, sample: chosen })
  }, sample)
  // The time is from the command to the last image, so preparing counts.
  const seconds = await page.evaluate(async (names) => {
    const start = performance.now()
    await window.urpatch?.scan(names)
    return (performance.now() - start) / 1000
  }, layers)
  await failOnError(page)
  const ended = await page.evaluate(() => window.urpatch?.state().scan)
  if (ended?.status !== 'done') throw new Error(`The scan has not ended: it is ${ended?.status}.`)
  const { done } = ended.progress
  return { done, seconds, imagesPerSecond: done / seconds }
}

/** The number of open images. @param {Page} page */
export function imageCount(page) {
  return page.evaluate(() => window.urpatch?.state().images?.table.paths.length ?? 0)
}

/** @param {Page} page */
export function hasWebgpu(page) {
  return page.evaluate(async () => {
    const { gpu } = /** @type {{ gpu?: { requestAdapter(): Promise<unknown> } }} */ (navigator)
    return Boolean(await gpu?.requestAdapter())
  })
}
