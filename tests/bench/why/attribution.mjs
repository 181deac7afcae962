/** @file Measures how long the attribution of a patch takes, by scripts' own call, on the first engine. */
import { exercise, resNet } from '../inputs.mjs'
import { median } from '../numbers.mjs'
import { withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @typedef {import('../page.mjs').Page} Page */

/** @param {import('../page.mjs').Bench} bench */
export async function measureAttribution(bench) {
  const { network, images } = exercise
  await withPage(bench, { network, images, backend: 'wasm' }, async (page) => {
    for (const layer of ['conv2d_5', 'conv2d_8'])
      await report(page, bench, network.name, layer, targets.attributionMs.exercise)
  })
  const large = resNet()
  if (!large)
    return bench.report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm' }, async (page) => {
    for (const layer of ['conv3_block4_out', 'conv4_block1_out'])
      await report(page, bench, large.name, layer, targets.attributionMs.ResNet50)
  })
}

/**
 * Units in the middle of images, each in another image, so that nothing is known yet. The first ones make programs and find the mean.
 * @param {Page} page @param {import('../page.mjs').Bench} bench @param {string} name @param {string} layer
 * @param {import('../report.mjs').Target} target
 */
async function report(page, bench, name, layer, target) {
  const times = await page.evaluate(async (called) => {
    const state = window.urpatch?.state()
    const own = state?.model?.network.layers.find((one) => one.name === called)
    const [rows = 1, columns = 1] = own && 'shape' in own ? own.shape : []
    const unit = /** @type {const} */ ([Math.floor(rows / 2), Math.floor(columns / 2)])
    /** @type {{ first: number, all: number }[]} */
    const found = []
    for (let image = 0; image < 9; image++) {
      const box = (await window.urpatch?.attribution(called, 3, { image: 100 + image, unit }))?.box
      const start = performance.now()
      let first = 0
      let good = 0
      await state?.attribution(
        { layer: called, channel: 5 + image, image: 100 + image, unit, box: box ?? [0, 0, 1, 1] },
        ({ method }) => {
          if (method === 'gradient') first = performance.now() - start
          else good ||= performance.now() - start
        },
        new AbortController().signal,
      )
      found.push({ first, all: good })
    }
    return found
  }, layer)
  const known = times.slice(2)
  bench.report.figure(
    `${name}, ${layer}: attribution of a patch`,
    median(known.map(({ all }) => all)),
    'ms',
    {
      target,
      detail: `a first one, by one gradient, after ${median(known.map(({ first }) => first)).toFixed(0)} ms`,
    },
  )
}
