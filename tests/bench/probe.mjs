/** @file Measures the page of one picture: the longest task while it is used, with every layer scanned, and the webcam's pictures a second. */
import { longestTask, reportTask, watchTasks } from './frames.mjs'
import { exercise, resNet } from './inputs.mjs'
import { median } from './numbers.mjs'
import { scan, withPage } from './page.mjs'

/** @typedef {import('./page.mjs').Page} Page */
/** @typedef {import('./page.mjs').Bench} Bench */

/** Faster than any network here, so that the camera is not what limits. */
const cameraFlags = ['--use-fake-device-for-media-stream=fps=60', '--use-fake-ui-for-media-stream']

/** @param {Bench} bench */
export async function measureProbe(bench) {
  const { report } = bench
  const { network, images } = exercise
  const withCamera = { ...bench, flags: [...bench.flags, ...cameraFlags] }
  await withPage(withCamera, { network, images, backend: 'wasm', prepare: watchTasks }, async (page) => {
    await scan(page, 'all', 64)
    await reportPage(page, bench, network.name)
    await reportCamera(page, bench, network.name)
  })
  const large = resNet()
  if (!large)
    return report.note('ResNet50 is left out: making it takes Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm', prepare: watchTasks }, async (page) => {
    const layers = await page.evaluate(() =>
      (window.urpatch?.state().model?.network.layers ?? [])
        .map(({ name }) => name)
        .filter((name) => name.endsWith('_conv')),
    )
    await scan(page, layers, 16)
    await reportPage(page, bench, large.name)
  })
}

/** Opens the page of an image, and uses it. @param {Page} page @param {Bench} bench @param {string} name */
async function reportPage(page, { report }, name) {
  /** @param {string} when @param {() => Promise<unknown>} act */
  const watch = async (when, act) => {
    await page.waitForTimeout(2500)
    await longestTask(page)
    await act()
    await page.waitForTimeout(1500)
    reportTask(report, `${name}, page of a picture, ${when}`, await longestTask(page))
  }
  const tiles = page.locator('.firing-tile')
  await watch('opening', async () => {
    await page.evaluate(() => {
      const state = window.urpatch?.state()
      state?.showImage(state.images?.table.paths[0] ?? '')
    })
    await tiles.first().waitFor()
  })
  await watch('stepping', async () => {
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight')
      await page.waitForTimeout(1500)
    }
  })
  await watch('pointing at spots', async () => {
    const box = await page.locator('.probed-spots').boundingBox()
    if (!box) throw new Error('The picture is not on the page.')
    for (let i = 0; i < 60; i++) {
      await page.mouse.move(box.x + box.width * (0.2 + i * 0.01), box.y + box.height / 2)
      await page.waitForTimeout(16)
    }
  })
  await watch('pointing at channels', async () => {
    for (let i = 0; i < 6; i++) {
      await tiles.nth(i).hover()
      await page.waitForTimeout(200)
    }
  })
  await watch('scrolling', async () => {
    for (let i = 0; i < 20; i++) {
      await page.locator('.firing').evaluate((list) => list.scrollBy(0, 400))
      await page.waitForTimeout(150)
    }
  })
  await page.keyboard.press('Escape')
}

/** What the page says of a camera, a few times. @param {Page} page @param {Bench} bench @param {string} name */
async function reportCamera(page, { report }, name) {
  await page.evaluate(() => window.urpatch?.state().probe())
  await page.getByRole('button', { name: 'Webcam' }).click()
  const told = page.getByText(/ a second\.$/)
  await told.waitFor()
  const rates = []
  for (let i = 0; i < 6; i++) {
    await page.waitForTimeout(1500)
    rates.push(Number(/([\d.]+) a second/.exec((await told.textContent()) ?? '')?.[1]))
  }
  report.figure(`${name}: pictures of a webcam`, median(rates), 'images/s', {
    detail: `${Math.min(...rates)} to ${Math.max(...rates)} in ${rates.length} readings`,
  })
  await page.keyboard.press('Escape')
}
