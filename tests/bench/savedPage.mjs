/** @file Measures a saved page of a thousand channels of photos: its size, and how long it takes to open from the disk. */
import path from 'node:path'
import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { exercise, madeFolder } from './inputs.mjs'
import { scan, withPage } from './page.mjs'
import { targets } from './targets.mjs'

/** @typedef {import('playwright').Page} Page */

const wanted = 1000
/** How many images are enough for mosaics to be full. */
const images = 200
const rounds = 5

/** @param {import('./page.mjs').Bench} bench */
export async function measureSavedPage(bench) {
  const { report } = bench
  const { network } = exercise
  await withPage(bench, { network, images: exercise.images, backend: 'wasm' }, async (page) => {
    const layers = await page.evaluate((least) => {
      const chosen = []
      let channels = 0
      for (const layer of window.urpatch?.state().model?.network.layers ?? []) {
        if (layer.op === null || channels >= least || /Input|Dropout|Flatten/.test(layer.className)) continue
        chosen.push(layer.name)
        channels += layer.shape.at(-1) ?? 0
      }
      return chosen
    }, wanted)
    await scan(page, layers, images)
    const start = performance.now()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => window.urpatch?.save('page.html')),
    ])
    const seconds = (performance.now() - start) / 1000
    const file = path.join(madeFolder(), 'page.html')
    await download.saveAs(file)
    const times = []
    let channels = 0
    for (let round = 0; round < rounds; round++) {
      const opened = await open(page, file)
      times.push(opened.ms)
      channels = opened.channels
    }
    const detail = `${channels} channels of ${layers.length} layers, saved in ${seconds.toFixed(1)} s`
    report.figure('saved page', statSync(file).size, 'bytes', { target: targets.savedPageBytes, detail })
    const median = times.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN
    report.figure('saved page: opened from the disk, with all pictures', median, 'ms', {
      target: targets.savedPageMs,
      detail: `median of ${rounds}, each in a window of its own`,
    })
  })
}

/**
 * From the address to the loaded page, whose pictures lie within it.
 * @param {Page} page
 * @param {string} file
 */
async function open(page, file) {
  const context = await /** @type {import('playwright').Browser} */ (page.context().browser()).newContext({
    viewport: { width: 1440, height: 900 },
  })
  await context.setOffline(true)
  const opened = await context.newPage()
  await opened.goto(pathToFileURL(file).href)
  const measured = await opened.evaluate(async () => {
    const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
    const pictures = [...document.images]
    return {
      ms: /** @type {PerformanceNavigationTiming} */ (entry).loadEventEnd,
      channels: document.querySelectorAll('article').length,
      areThere:
        pictures.length > 0 && pictures.every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    }
  })
  await context.close()
  if (!measured.areThere) throw new Error('The page is there without its pictures.')
  return measured
}
