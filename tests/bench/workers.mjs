/** @file Measures 1, 2 and 4 WASM workers on the same images: how the scan scales with cores. */
import os from 'node:os'
import { exercise } from './inputs.mjs'
import { imagesFor, mean } from './numbers.mjs'
import { imageCount, scan, withPage } from './page.mjs'
import { bareForward } from './pace.mjs'
import { targets } from './targets.mjs'

/** They alternate, because the machine is noisy. */
const turns = [1, 2, 4, 2, 1]
const seconds = 15

/** @param {import('./page.mjs').Bench} bench */
export async function measureWorkers(bench) {
  const { network, images } = exercise
  const layer = network.layer ?? ''
  /** Images per second, by number of workers. @type {Record<number, number[]>} */
  const rates = {}
  /**
   * The same of the bare pass, which scales as far as processor and memory do. A scan also needs the cores for the page and
   * for the browser's reading of files. @type {Record<number, number[]>}
   */
  const forwards = {}
  for (const cores of turns)
    await withPage(bench, { cores, network, images, backend: 'wasm' }, async (page) => {
      const available = await imageCount(page)
      const pace = await bareForward(page, layer, available, 2)
      const count = imagesFor({ ...pace, seconds, available })
      const { imagesPerSecond } = await scan(page, [layer], count)
      ;(rates[cores] ??= []).push(imagesPerSecond)
      ;(forwards[cores] ??= []).push(pace.imagesPerSecond)
    })
  const rateOf = (/** @type {number} */ workers) => mean(rates[workers] ?? [])
  const forwardOf = (/** @type {number} */ workers) => mean(forwards[workers] ?? [])
  for (const workers of [2, 4]) {
    const hasCores = os.cpus().length >= workers
    bench.report.figure(`${workers} WASM workers ÷ one`, rateOf(workers) / rateOf(1), 'ratio', {
      ...(workers === 2 && hasCores ? { target: targets.twoWorkersByOne } : {}),
      detail: `the bare forward pass: ${(forwardOf(workers) / forwardOf(1)).toFixed(2)}${hasCores ? '' : `, on ${os.cpus().length} cores`}`,
    })
  }
  for (const workers of [1, 2, 4])
    bench.report.figure(`${workers} WASM workers, ${layer}`, rateOf(workers), 'images/s')
}
