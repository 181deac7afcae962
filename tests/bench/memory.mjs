/**
 * @file Measures memory: of the engines beside tfjs' own kernels, and after scans of 1,000, 10,000 and 100,000 images, as it
 * must not grow with their number.
 */
import path from 'node:path'
import { writeManyImages } from '../make/manyImages.mjs'
import { heapBytes } from './heaps.mjs'
import { exercise, madeFolder, smallNetwork } from './inputs.mjs'
import { layersOf, scan, withPage } from './page.mjs'
import { descendantBytes, watchMemory } from './processMemory.mjs'
import { networksOf } from './speed.mjs'
import { targets } from './targets.mjs'

const counts = [1000, 10_000, 100_000]
const flat = { atMost: 1.05 }

/** @param {import('./page.mjs').Bench} bench */
export async function measureMemory(bench) {
  await measureEngines(bench)
  await measureCounts(bench)
}

/** So many images go through each network, on both backends. */
const engineImages = 64

/** What engines hold after a scan by our kernels, beside those of tfjs. @param {import('./page.mjs').Bench} bench */
async function measureEngines(bench) {
  for (const network of networksOf(bench)) {
    const held = (/** @type {'wasm' | 'tfjs-wasm'} */ backend) =>
      withPage(bench, { network, images: exercise.images, backend }, async (page) => {
        await scan(page, [network.layer ?? (await layersOf(page)).lastMap], engineImages)
        return page.evaluate(() => window.urpatch?.state().peakBytes ?? 0)
      })
    const [ours, tfjs] = [await held('wasm'), await held('tfjs-wasm')]
    bench.report.figure(`${network.name}: engines and results by ours ÷ by tfjs’`, ours / tfjs, 'ratio', {
      target: targets.memoryByTfjs,
      detail: `${text(ours)} and ${text(tfjs)}`,
    })
  }
}

/** @param {import('./page.mjs').Bench} bench */
async function measureCounts(bench) {
  const { report } = bench
  const all = []
  for (const count of counts) {
    const measured = await measureCount(bench, count)
    all.push(measured)
    const name = `${count.toLocaleString('en')} images`
    report.figure(`${name}: scan`, measured.imagesPerSecond, 'images/s')
    report.figure(`${name}: heaps after the scan`, measured.heap, 'bytes', {
      detail: `${text(measured.heapBefore)} before it, with the images listed`,
    })
    report.figure(`${name}: tensors after the scan`, measured.tensors, 'count', {
      detail: `${measured.tensorsBefore} before it`,
    })
    report.figure(`${name}: engines and results, at most`, measured.held, 'bytes')
    report.figure(`${name}: process of the page after the scan`, measured.after, 'bytes', {
      detail: `${text(measured.peak)} at most while it scanned, with what waited for a garbage collection`,
    })
  }
  const [few, , many] = all
  if (!few || !many) throw new Error('nothing was measured')
  const name = '100,000 images ÷ 1,000'
  report.figure(`${name}: heaps after the scan`, many.heap / few.heap, 'ratio', { target: flat })
  report.figure(
    `${name}: heaps without the list of images`,
    (few.heapBefore + many.heap - many.heapBefore) / few.heap,
    'ratio',
    { target: flat },
  )
  report.figure(`${name}: tensors`, many.tensors / few.tensors, 'ratio', { target: flat })
  report.figure(`${name}: engines and results`, many.held / few.held, 'ratio', { target: flat })
  report.figure(`${name}: process of the page after the scan`, many.after / few.after, 'ratio', {
    target: flat,
  })
  report.figure(
    `${name}: process of the page without the list of images`,
    (many.after - many.heapBefore + few.heapBefore) / few.after,
    'ratio',
    { target: flat },
  )
  report.figure(`${name}: process of the page, at most`, many.peak / few.peak, 'ratio')
}

/** Scans all layers of a small network. @param {import('./page.mjs').Bench} bench @param {number} count */
async function measureCount(bench, count) {
  const file = path.join(madeFolder(), `images-${count}.zip`)
  writeManyImages(file, count)
  const images = { path: file, isFolder: false }
  return withPage(bench, { network: smallNetwork, images, backend: 'wasm' }, async (page) => {
    const tensors = async () => Number(await page.evaluate(() => window.urpatch?.tensorCount()))
    // A small scan comes first, so that everything that is allocated only once is there.
    await scan(page, 'all', 256)
    const [tensorsBefore, heapBefore] = [await tensors(), await heapBytes(page)]
    const stop = watchMemory()
    const { imagesPerSecond } = await scan(page, 'all')
    const peak = stop().renderers
    return {
      imagesPerSecond,
      tensorsBefore,
      heapBefore,
      peak,
      heap: await heapBytes(page),
      tensors: await tensors(),
      held: await page.evaluate(() => window.urpatch?.state().peakBytes ?? 0),
      after: descendantBytes(process.pid).renderers,
    }
  })
}

/** @param {number} bytes */
function text(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
