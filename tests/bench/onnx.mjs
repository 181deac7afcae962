/** @file Measures how long a network of PyTorch takes from the drop to its first mosaic, and the memory that this needs. */
import { statSync } from 'node:fs'
import { untilOpen } from '../../src/cli/untilOpen.mjs'
import { exercise, torchNetworks } from './inputs.mjs'
import { layersOf, scan, withPage } from './page.mjs'
import { descendantBytes, watchMemory } from './processMemory.mjs'
import { firstMosaic } from './screen.mjs'

/** So many images are scanned for the memory. */
const scanned = 64

/** @param {import('./page.mjs').Bench} bench */
export async function measureOnnx(bench) {
  const networks = torchNetworks()
  if (networks.length === 0)
    bench.report.note('left out: there is no Python with torchvision (URPATCH_TORCH)')
  for (const network of networks) await measureNetwork(bench, network)
}

/** @param {import('./page.mjs').Bench} bench @param {import('./inputs.mjs').BenchNetwork} network */
async function measureNetwork(bench, { name, files }) {
  const { report } = bench
  const stored = files.reduce((sum, file) => sum + statSync(file).size, 0)
  await withPage(bench, { images: exercise.images, backend: 'wasm' }, async (page) => {
    const before = descendantBytes(process.pid).renderers
    const opening = watchMemory()
    const start = performance.now()
    await page.getByLabel('Model file').setInputFiles([...files])
    await untilOpen(page, 'model')
    const opened = performance.now() - start
    const peakOpening = opening().renderers
    await firstMosaic(page)
    const total = performance.now() - start
    report.figure(`${name}: first mosaic after the drop`, total, 'ms', {
      detail: `${opened.toFixed(0)} ms of them to open it`,
    })
    await page.evaluate(() => window.urpatch?.state().stop())
    const scanning = watchMemory()
    await scan(page, [(await layersOf(page)).lastMap], scanned)
    const share = (/** @type {number} */ bytes) => (bytes - before) / stored
    report.figure(`${name}: page and engines while opening ÷ its files`, share(peakOpening), 'ratio', {
      detail: `at most; the files have ${(stored / 1e6).toFixed(0)} MB, and the page before took ${(before / 1e6).toFixed(0)} MB`,
    })
    report.figure(
      `${name}: page and engines while scanning ÷ its files`,
      share(scanning().renderers),
      'ratio',
    )
  })
}
