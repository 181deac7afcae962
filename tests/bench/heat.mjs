/** @file Measures how long a heat-map takes from the click on a patch, also while a scan runs. */
import { longestTask, reportTask, watchTasks } from './frames.mjs'
import { exercise, resNet } from './inputs.mjs'
import { median } from './numbers.mjs'
import { scan, withPage } from './page.mjs'

/** @typedef {import('./page.mjs').Page} Page */

/** @param {import('./page.mjs').Bench} bench */
export async function measureHeat(bench) {
  const { network, images } = exercise
  await withPage(bench, { network, images, backend: 'wasm', prepare: watchHeat }, async (page) => {
    await openChannel(page, String(network.layer), 200)
    await reportClicks(page, bench, network.name, 100)
    const running = page.evaluate((layer) => window.urpatch?.scan([layer]), 'conv2d_7')
    await page.waitForFunction(() => window.urpatch?.state().scan.status === 'running')
    await reportClicks(page, bench, `${network.name}, while it scans another layer`, null)
    await page.evaluate(() => window.urpatch?.state().stop())
    await running
  })
  const large = resNet()
  if (!large)
    return bench.report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm', prepare: watchHeat }, async (page) => {
    for (const layer of ['conv3_block4_out', 'conv5_block3_out']) {
      await openChannel(page, layer, 32)
      await reportClicks(page, bench, `ResNet50, ${layer}`, 1000)
    }
  })
  await reportFirst(bench, large)
}

/**
 * Heat-maps right after a network was opened: nothing is folded, no filters are packed and no programs are made yet. The network is
 * opened in the measured page itself, as elsewhere the comparison with the reference has prepared it.
 * @param {import('./page.mjs').Bench} bench @param {import('./inputs.mjs').BenchNetwork} network
 */
async function reportFirst(bench, network) {
  await withPage(bench, { images: exercise.images, backend: 'wasm' }, async (page) => {
    await page.getByLabel('Model file').setInputFiles([...network.files])
    await page.waitForFunction(() => window.urpatch?.state().model)
    for (const layer of ['conv3_block4_out', 'conv5_block3_out']) {
      const ms = await page.evaluate(async (name) => {
        const start = performance.now()
        await window.urpatch?.state().heatMap({ layer: name, channel: 5, image: 0 })
        return performance.now() - start
      }, layer)
      bench.report.figure(`ResNet50, ${layer}: its first heat-map, right after opening`, ms, 'ms', {
        target: { atMost: 1000 },
      })
    }
  })
}

/** Notes when a heat-map was last put on the page. @param {Page} page */
async function watchHeat(page) {
  await watchTasks(page)
  await page.addInitScript(() => {
    const { prototype } = ImageBitmapRenderingContext
    const put = prototype.transferFromImageBitmap
    prototype.transferFromImageBitmap = function (bitmap) {
      put.call(this, bitmap)
      if (this.canvas instanceof HTMLCanvasElement && this.canvas.className === 'heat-canvas')
        document.documentElement.dataset['heat'] = String(performance.now())
    }
  })
}

/** Scans some images, and opens a channel with its heat-map. @param {Page} page @param {string} layer @param {number} count */
async function openChannel(page, layer, count) {
  await scan(page, [layer], count)
  await page.evaluate((name) => {
    const state = window.urpatch?.state()
    state?.setHeat({ part: true, whole: true })
    state?.showLayer(name)
    state?.showChannel(5)
  }, layer)
  await page.locator('.heat-canvas').waitFor()
  await page.waitForTimeout(1500)
}

/** Clicks on patches of images whose heat-maps are not known. @param {Page} page @param {import('./page.mjs').Bench} bench @param {string} name @param {number | null} atMost */
async function reportClicks(page, { report }, name, atMost) {
  const times = []
  const from = atMost === null ? 9 : 2
  await longestTask(page)
  for (let rank = from; rank < from + 6; rank++) times.push(await click(page, rank))
  report.figure(`${name}: heat-map after a click`, median(times), 'ms', {
    ...(atMost === null ? {} : { target: { atMost } }),
    detail: `longest of ${times.length}: ${Math.max(...times).toFixed(0)} ms`,
  })
  reportTask(report, `${name}: heat-maps`, await longestTask(page))
}

/** The time from the click on a patch until the heat-map of its image is on the page, in ms. @param {Page} page @param {number} rank */
async function click(page, rank) {
  const shown = page.evaluate(
    () =>
      new Promise((/** @type {(ms: number) => void} */ resolve) => {
        addEventListener(
          'click',
          ({ timeStamp }) => {
            const look = () => {
              const at = Number(document.documentElement.dataset['heat'])
              if (at > timeStamp) resolve(at - timeStamp)
              else requestAnimationFrame(look)
            }
            look()
          },
          { once: true, capture: true },
        )
      }),
  )
  await page.getByRole('button', { name: `Patch ${rank}:` }).click()
  const ms = await shown
  await page.waitForTimeout(300)
  return ms
}
