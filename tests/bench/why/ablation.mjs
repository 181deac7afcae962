/** @file Measures what a network without a channel costs, beside a scan of the same images to the channel's layer. */
import { exercise, resNet } from '../inputs.mjs'
import { median } from '../numbers.mjs'
import { scan, withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @typedef {import('../page.mjs').Page} Page */

/** @param {import('../page.mjs').Bench} bench */
export async function measureAblation(bench) {
  const { network, images } = exercise
  await withPage(bench, { network, images, backend: 'wasm' }, async (page) => {
    await report(page, bench, network.name, String(network.layer), 500)
  })
  const large = resNet()
  if (!large)
    return bench.report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm' }, async (page) => {
    await report(page, bench, large.name, 'conv4_block1_out', 64)
  })
}

/** @param {Page} page @param {import('../page.mjs').Bench} bench @param {string} name @param {string} layer @param {number} count */
async function report(page, bench, name, layer, count) {
  // The first scan makes programs and packs weights.
  await scan(page, [layer], count)
  const scans = []
  for (let round = 0; round < 3; round++) scans.push((await scan(page, [layer], count)).seconds)
  const first = await ablate(page, layer, 0, count)
  const later = []
  for (let channel = 1; channel < 6; channel++) later.push(await ablate(page, layer, channel, count))
  const [scanned, ablated] = [median(scans), median(later)]
  bench.report.figure(
    `${name}, ${layer}: one ablation over ${count} images ÷ scan of them`,
    ablated / scanned,
    'ratio',
    {
      ...(name === 'exercise' || name === 'demo' ? { target: targets.ablationByScan } : {}),
      detail: `${ablated.toFixed(2)} s ÷ ${scanned.toFixed(2)} s; the first of the layer, which computes its maps: ${first.toFixed(2)} s`,
    },
  )
}

/** Seconds. @param {Page} page @param {string} layer @param {number} channel @param {number} images */
function ablate(page, layer, channel, images) {
  return page.evaluate(
    async (request) => {
      const start = performance.now()
      await window.urpatch?.ablate(request)
      return (performance.now() - start) / 1000
    },
    { layer, channel, replacement: 0, images },
  )
}
