/** @file Measures reading, decoding and preprocessing alone, in one worker and in two side by side. */
import { exercise } from './inputs.mjs'
import { median } from './numbers.mjs'
import { imageCount, withPage } from './page.mjs'

const images = 2400
const rounds = 3

/** @param {import('./page.mjs').Bench} bench */
export async function measureDecoding(bench) {
  const { network, images: source } = exercise
  await withPage(bench, { cores: 2, network, images: source, backend: 'wasm' }, async (page) => {
    const count = Math.min(images, await imageCount(page))
    /** @type {[one: number[], two: number[]]} */
    const rates = [[], []]
    // One run before, so that the files are in the system's cache.
    await decode(page, 2, count)
    for (let round = 0; round < rounds; round++)
      for (const workers of /** @type {const} */ ([1, 2]))
        rates[workers - 1]?.push(await decode(page, workers, count))
    const [one, two] = [median(rates[0]), median(rates[1])]
    bench.report.figure('2 workers ÷ one', two / one, 'ratio')
    bench.report.figure('one worker', one, 'images/s')
    bench.report.figure('2 workers', two, 'images/s')
  })
}

/** Returns images per second. @param {import('./page.mjs').Page} page @param {number} workers @param {number} count */
async function decode(page, workers, count) {
  const rate = await page.evaluate(
    ([many, number]) => window.urpatch?.measureDecode(many, number),
    /** @type {const} */ ([workers, count]),
  )
  return Number(rate)
}
