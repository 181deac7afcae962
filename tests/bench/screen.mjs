/** @file Measures what a user waits for: the first mosaic, a channel's panel, frames while a scan runs. */
import { longestTask, reportFrames, reportTask, scrollDown, watchFrames, watchTasks } from './frames.mjs'
import { demo, exercise, resNet } from './inputs.mjs'
import { median } from './numbers.mjs'
import { scan, withPage } from './page.mjs'
import { targets } from './targets.mjs'

/** @typedef {import('./page.mjs').Page} Page */

/** @param {import('./page.mjs').Bench} bench */
export async function measureScreen(bench) {
  await measureDemo(bench)
  await measureScrolling(bench)
}

/** @param {import('./page.mjs').Bench} bench */
async function measureDemo(bench) {
  const { report } = bench
  const { network, images } = demo
  await withPage(bench, { network, images, prepare: watchTasks }, async (page) => {
    await page.evaluate((layer) => window.urpatch?.state().showLayer(layer), String(network.layer))
    await page.waitForTimeout(1000)
    reportTask(report, 'demo, while it opens', await longestTask(page))
    const first = await firstMosaic(page)
    report.figure('demo: first mosaic after Run', first, 'ms', { target: targets.firstMosaicMs })
    reportFrames(
      report,
      'demo, first 15 s of the scan',
      await watchFrames(page, () => page.waitForTimeout(15_000)),
    )
    await reportChannels(page, report, 'demo, while it scans')
    reportTask(report, 'demo, while it scans', await longestTask(page))
    await page.evaluate(() => window.urpatch?.state().stop())
    await page.waitForTimeout(1000)
    await reportChannels(page, report, 'demo, without a scan')
  })
}

/** The time from a press on Run to the first patch on the screen, in ms. @param {Page} page */
export async function firstMosaic(page) {
  const shown = page.evaluate(
    () =>
      new Promise((/** @type {(ms: number) => void} */ resolve) => {
        const look = (/** @type {number} */ start) => {
          // A canvas is one pixel wide until something is drawn on it.
          const drawn = [...document.querySelectorAll('canvas')].filter((canvas) => canvas.width > 1)
          if (drawn.some(isPainted)) resolve(performance.now() - start)
          else requestAnimationFrame(() => look(start))
        }
        addEventListener('click', ({ timeStamp }) => look(timeStamp), { once: true, capture: true })
        /** Reads only a few pixels, because reading many would take time from what is measured. */
        function isPainted(/** @type {HTMLCanvasElement} */ canvas) {
          const context = new OffscreenCanvas(4, 4).getContext('2d', { willReadFrequently: true })
          context?.drawImage(canvas, 0, 0, 4, 4)
          return context?.getImageData(0, 0, 4, 4).data.some((value) => value !== 0) ?? false
        }
      }),
  )
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  return shown
}

/** Measures real clicks on channels. @param {Page} page @param {import('./report.mjs').Report} report @param {string} name */
async function reportChannels(page, report, name) {
  const times = []
  for (const channel of [3, 7, 4, 8, 5]) times.push(await openChannel(page, channel))
  report.figure(`${name}: channel page after a click`, median(times), 'ms', {
    target: { atMost: 100 },
    detail: `longest of ${times.length}: ${Math.max(...times).toFixed(0)} ms`,
  })
}

/** The time from the click on a channel's tile until its large mosaic is there, in ms. @param {Page} page @param {number} channel */
async function openChannel(page, channel) {
  const shown = page.evaluate(
    (number) =>
      new Promise((/** @type {(ms: number) => void} */ resolve) => {
        addEventListener(
          'click',
          ({ timeStamp }) => {
            const look = () => {
              const canvas = document.querySelector('.large-mosaic canvas')
              const isDrawn = canvas instanceof HTMLCanvasElement && canvas.width > 1
              if (isDrawn && window.urpatch?.state().channel === number)
                resolve(performance.now() - timeStamp)
              else requestAnimationFrame(look)
            }
            look()
          },
          { once: true, capture: true },
        )
      }),
    channel,
  )
  await page.getByRole('row', { name: `Channel ${channel}`, exact: true }).click()
  const ms = await shown
  await page.waitForTimeout(500)
  await page.evaluate(() => window.urpatch?.state().showChannel(null))
  return ms
}

/** Scrolls through a layer of 2,048 channels from end to end. @param {import('./page.mjs').Bench} bench */
async function measureScrolling(bench) {
  const network = resNet()
  if (!network)
    return bench.report.note(
      'scrolling is left out: making ResNet50 takes Python with TensorFlow (URPATCH_PYTHON)',
    )
  await withPage(
    bench,
    { network, images: exercise.images, backend: 'wasm', prepare: watchTasks },
    async (page) => {
      const layer = 'conv5_block3_out'
      await scan(page, [layer], 32)
      await page.evaluate((name) => window.urpatch?.state().showLayer(name), layer)
      await page.waitForTimeout(1000)
      await longestTask(page)
      const frames = await watchFrames(page, () => scrollDown(page, '.channel-grid', 8))
      reportFrames(bench.report, 'scrolling 2,048 channels', frames)
      reportTask(bench.report, 'scrolling 2,048 channels', await longestTask(page))
    },
  )
}
