/** @file Measures pictures that are made for units: how long one takes, and how many reach more than the best patch. */
import { exercise, resNet } from '../inputs.mjs'
import { median } from '../numbers.mjs'
import { scan, withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @typedef {'accentuate' | 'nothing'} Way */
/** @typedef {{ readonly ms: number, readonly value: number, readonly best: number }} Made */

/** @type {readonly { readonly way: Way, readonly name: string }[]} */
const ways = [
  { way: 'accentuate', name: 'accentuated' },
  { way: 'nothing', name: 'from nothing' },
]

/** @param {import('../page.mjs').Bench} bench */
export async function measureSynth(bench) {
  const { network, images } = exercise
  const { report } = bench
  await withPage(bench, { network, images, backend: 'wasm' }, async (page) => {
    await scan(page, ['conv2d_5'])
    for (const { way, name } of ways) {
      const made = await makeAll(page, 'conv2d_5', way, Infinity)
      report.figure(`${network.name}, conv2d_5: a picture, ${name}`, median(made.map(({ ms }) => ms)), 'ms', {
        target: targets.synthesizedMs.exercise,
        detail: `longest of ${made.length}: ${Math.max(...made.map(({ ms }) => ms)).toFixed(0)} ms`,
      })
      const above = made.filter(({ value, best }) => value > best).length / made.length
      const ratio = median(made.map(({ value, best }) => value / best))
      report.figure(`${network.name}, conv2d_5: ${name}, above the best patch`, above, 'ratio', {
        target: targets.synthesizedAbove,
        detail: `of ${made.length} live channels; ${ratio.toFixed(2)} times as high, the median`,
      })
    }
  })
  const large = resNet()
  if (!large) return report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  await withPage(bench, { network: large, images, backend: 'wasm' }, async (page) => {
    for (const layer of ['conv3_block4_out', 'conv4_block1_out']) {
      await scan(page, [layer], 16)
      for (const { way, name } of ways) {
        const [made] = await makeAll(page, layer, way, 1)
        if (made)
          report.figure(`ResNet50, ${layer}: a picture, ${name}`, made.ms, 'ms', {
            target: targets.synthesizedMs.ResNet50,
          })
      }
    }
  })
}

/**
 * Makes the pictures of up to `most` live channels of a layer, each for its best patch. The first one of a size waits for the
 * spectrum of the images.
 * @param {import('../page.mjs').Page} page @param {string} layer @param {Way} way @param {number} most
 * @returns {Promise<Made[]>}
 */
function makeAll(page, layer, way, most) {
  return page.evaluate(
    async ({ name, how, limit }) => {
      const handle = window.urpatch
      const result = handle?.state().results.get(name)
      const made = []
      const channels = result?.channels ?? 0
      for (let channel = 0; channel < channels && made.length < limit; channel++) {
        if (result?.isDead(channel)) continue
        const begun = performance.now()
        const picture = await handle?.synthesize(name, channel, { way: how })
        if (picture)
          made.push({
            ms: performance.now() - begun,
            value: picture.reached.value,
            best: picture.best ?? Number.NaN,
          })
      }
      return made
    },
    { name: layer, how: way, limit: most },
  )
}
