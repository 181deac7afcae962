/** @file Measures the finder over the channels of ResNet50's convolutions: until all are measured, sorting, searching and scrolling. */
import { longestTask, reportFrames, reportTask, scrollDown, watchFrames, watchTasks } from './frames.mjs'
import { exercise, resNet } from './inputs.mjs'
import { scan, withPage } from './page.mjs'

/** @typedef {import('./page.mjs').Page} Page */

/** How many images are enough for every channel to have something to be measured. */
const images = 16

/** @param {import('./page.mjs').Bench} bench */
export async function measureFinder(bench) {
  const { report } = bench
  const network = resNet()
  if (!network)
    return report.note('finder is left out: making ResNet50 takes Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(
    bench,
    { network, images: exercise.images, backend: 'wasm', prepare: watchTasks },
    async (page) => {
      /** @param {string} when */
      const tellTask = async (when) => reportTask(report, `finder, ${when}`, await longestTask(page))
      const layers = await page.evaluate(() =>
        (window.urpatch?.state().model?.network.layers ?? [])
          .map(({ name }) => name)
          .filter((name) => name.endsWith('_conv')),
      )
      await scan(page, layers, images)
      await page.waitForTimeout(3000)
      await longestTask(page)
      const start = Date.now()
      await page.evaluate(() => window.urpatch?.state().showPage('finder'))
      const total = await untilMeasured(page)
      report.figure(`finder: ${total} channels measured`, Date.now() - start, 'ms')
      await tellTask('while it measures')

      for (const name of ['Skew', 'Mean', 'Skew']) {
        await page.locator('.finder').getByRole('button', { name, exact: true }).click()
        await page.waitForTimeout(700)
      }
      await tellTask('sorting')
      await page
        .getByRole('searchbox', { name: 'Search channels' })
        .pressSequentially('conv5 out', { delay: 150 })
      await page.waitForTimeout(700)
      await page.getByRole('searchbox', { name: 'Search channels' }).fill('')
      await page.waitForTimeout(700)
      await tellTask('searching')

      reportFrames(
        report,
        `finder: scrolling ${total} channels`,
        await watchFrames(page, () => scrollDown(page, '.finder .channel-table', 8)),
      )
      await tellTask('scrolling')
    },
  )
}

/** Resolves to the number of channels, as the page writes it. @param {Page} page @returns {Promise<string>} */
async function untilMeasured(page) {
  const text = await page.waitForFunction(
    () => /^([\d,]+) of \1$/.exec(document.querySelector('.finder [role=status]')?.textContent ?? '')?.[1],
  )
  return /** @type {string} */ (await text.jsonValue())
}
