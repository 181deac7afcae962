/** @file Measures circuits: from a click on a channel until what feeds it, what it feeds and the sum on its patch are shown. */
import { longestTask, reportTask, watchTasks } from '../frames.mjs'
import { exercise, resNet } from '../inputs.mjs'
import { median } from '../numbers.mjs'
import { scan, withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @typedef {import('../page.mjs').Page} Page */
/** @typedef {import('../page.mjs').Bench} Bench */

/** @param {Bench} bench */
export async function measureCircuits(bench) {
  const { network, images } = exercise
  await withPage(bench, { network, images, backend: 'wasm', prepare }, async (page) => {
    await scan(page, ['conv2d_4', 'conv2d_5', 'conv2d_6'], 100)
    await report(page, bench, network.name, 'conv2d_5', targets.circuitMs.exercise)
  })
  const large = resNet()
  if (!large)
    return bench.report.note('ResNet50 is left out: making it takes Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm', prepare }, async (page) => {
    await scan(
      page,
      ['conv3_block4_2_relu', 'conv3_block4_out', 'conv4_block1_1_relu', 'conv5_block3_2_relu'],
      32,
    )
    for (const layer of ['conv3_block4_2_relu', 'conv3_block4_out', 'conv5_block3_2_relu'])
      await report(page, bench, large.name, layer, targets.circuitMs.ResNet50)
  })
}

/** @param {Page} page */
async function prepare(page) {
  await page.addInitScript(() => {
    for (const id of ['fed-by', 'feeds']) localStorage.setItem(`urpatch-fold-${id}`, 'open')
  })
  await watchTasks(page)
}

/** @param {Page} page @param {Bench} bench @param {string} network @param {string} layer @param {import('../report.mjs').Target} target */
async function report(page, bench, network, layer, target) {
  await page.evaluate((name) => {
    const state = window.urpatch?.state()
    state?.showLayer(name)
    state?.showChannel(0)
  }, layer)
  await page.locator('.unit-sum-equation').waitFor()
  await page.waitForTimeout(1500)
  const times = []
  await longestTask(page)
  for (let channel = 1; channel <= 7; channel++) times.push(await click(page, layer, channel))
  const longest = await longestTask(page)
  bench.report.figure(`${network}, ${layer}: fed by and feeds after a click`, median(times), 'ms', {
    target,
    detail: `longest of ${times.length}: ${Math.max(...times).toFixed(0)} ms`,
  })
  reportTask(bench.report, `${network}, ${layer}: circuits`, longest)
}

/** The time from the click on a channel until both sections and the sum are on the page, in ms. @param {Page} page @param {string} layer @param {number} channel */
async function click(page, layer, channel) {
  const shown = page.evaluate(
    (name) =>
      new Promise((/** @type {(ms: number) => void} */ resolve) => {
        const isShown = () => {
          const own = document.querySelectorAll(`[data-channel="${name}"][aria-busy="false"]`)
          return own.length === 2 && [...own].every((one) => one.querySelector('.neighbour img'))
        }
        addEventListener(
          'click',
          ({ timeStamp }) => {
            const look = () => {
              // The frame in which it is found is the one that shows it.
              if (isShown()) requestAnimationFrame(() => resolve(performance.now() - timeStamp))
              else requestAnimationFrame(look)
            }
            look()
          },
          { once: true, capture: true },
        )
      }),
    `${layer}/${channel}`,
  )
  await page.getByRole('button', { name: 'Next channel' }).click()
  const ms = await shown
  await page.waitForTimeout(300)
  return ms
}
