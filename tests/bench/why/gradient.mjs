/** @file Measures the way back through networks: of a whole image, and of what one unit needs of it. */
import { exercise, mobileNet, resNet } from '../inputs.mjs'
import { withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @typedef {import('../inputs.mjs').BenchNetwork} BenchNetwork */

const seconds = 3

/** @param {import('../page.mjs').Bench} bench */
export async function measureGradient(bench) {
  const large = resNet()
  const small = mobileNet()
  await measureNetwork(bench, exercise.network, ['conv2d_5', 'conv2d_8'], targets.backByForward)
  if (large) {
    const layers = ['conv2_block3_out', 'conv3_block4_out', 'conv4_block3_out', 'conv5_block3_out']
    await measureNetwork(bench, large, layers, targets.backByForward)
  } else bench.report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  if (small) await measureNetwork(bench, small, null, targets.backByForwardDepthwise)
}

/**
 * @param {import('../page.mjs').Bench} bench
 * @param {BenchNetwork} network
 * @param {readonly string[] | null} layers Null: one in the middle.
 * @param {import('../report.mjs').Target} target Of the whole image.
 */
async function measureNetwork(bench, network, layers, target) {
  await withPage(bench, { network, backend: 'wasm' }, async (page) => {
    const names =
      layers ??
      (await page.evaluate(() => {
        const all = window.urpatch?.state().model?.network.layers ?? []
        const maps = all.filter(({ op }) => op?.kind === 'depthwiseConv')
        return maps.length > 0 ? [String(maps[maps.length >> 1]?.name)] : []
      }))
    for (const layer of names)
      for (const isCrop of [false, true]) {
        const pace = await page.evaluate(
          ([name, crop, time]) => window.urpatch?.measureGradient(name, crop, time),
          /** @type {const} */ ([layer, isCrop, seconds]),
        )
        if (!pace) throw new Error('The page cannot measure.')
        const { forwardMs, backMs, size } = pace
        const what = `${network.name}, ${layer}, ${isCrop ? 'a unit’s crop' : 'the whole image'}`
        bench.report.figure(`${what}: way back ÷ way forward`, backMs / forwardMs, 'ratio', {
          ...(isCrop ? {} : { target }),
          detail: `${size.join('×')}: ${forwardMs.toFixed(1)} + ${backMs.toFixed(1)} ms`,
        })
      }
  })
}
