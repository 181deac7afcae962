/** @file Measures whole scan ÷ bare forward pass by backend and network, all layers at once, and what is read back. */
import { exercise, mobileNet, resNet } from './inputs.mjs'
import { hasWebgpu, layersOf, scan, withPage } from './page.mjs'
import { measurePace, secondsForOne } from './pace.mjs'
import { bytesReadBack, countReadBack } from './readBack.mjs'
import { targetOf, targets } from './targets.mjs'

/** @typedef {import('./page.mjs').Bench} Bench */
/** @typedef {import('./inputs.mjs').BenchNetwork} BenchNetwork */

/** The limit without a graphics card: if one image takes longer, a scan would take minutes. */
const mostSeconds = 6

/** @param {Bench} bench */
export async function measureWasm(bench) {
  for (const network of networksOf(bench)) {
    const rounds = network === exercise.network ? 3 : 2
    await measureBackend(bench, { network, backend: 'wasm', rounds, seconds: 20 })
  }
}

/** @param {Bench} bench */
export async function measureWebgl(bench) {
  for (const network of networksOf(bench))
    await measureBackend(bench, { network, backend: 'webgl', rounds: 1, seconds: 25 })
  await measureReadBack(bench)
}

/** @param {Bench} bench */
export async function measureWebgpu(bench) {
  if (!(await withPage(bench, {}, hasWebgpu))) return bench.report.note('left out: there is no WebGPU here')
  for (const network of networksOf(bench))
    await measureBackend(bench, { network, backend: 'webgpu', rounds: 1, seconds: 25 })
}

/** All layers in one pass, on WASM. @param {Bench} bench */
export async function measureLayers(bench) {
  const { report } = bench
  for (const network of networksOf(bench))
    await withPage(bench, { network, backend: 'wasm', images: exercise.images }, async (page) => {
      const { last } = await layersOf(page)
      const pace = await measurePace(page, { layers: 'all', to: last, rounds: 2, seconds: 20 })
      report.figure(`${network.name}: all layers ÷ one forward pass, in time`, 1 / pace.ratio, 'ratio', {
        target: targetOf(targets.layersByForward, network.name),
        detail: `${pace.scan.toFixed(2)} and ${pace.forward.toFixed(2)} images/s, ${pace.images} images`,
      })
    })
}

/**
 * @param {Bench} bench
 * @param {{ network: BenchNetwork, backend: 'wasm' | 'webgl' | 'webgpu', rounds: number, seconds: number }} options
 */
async function measureBackend(bench, { network, backend, rounds, seconds }) {
  const { report } = bench
  const name = `${network.name} on ${backend}`
  await withPage(bench, { network, backend, images: exercise.images }, async (page) => {
    const selfTest = await page.evaluate(() => window.urpatch?.state().selfTest)
    if (selfTest && selfTest.status !== 'passed') report.note(`${name}: ${JSON.stringify(selfTest)}`)
    const layer = network.layer ?? (await layersOf(page)).lastMap
    const one = await secondsForOne(page, layer)
    if (one > mostSeconds) return report.note(`${name} is left out: one image takes ${one.toFixed(0)} s`)
    const pace = await measurePace(page, { layers: [layer], to: layer, rounds, seconds })
    const { workers, peakBytes } = await page.evaluate(() => {
      const state = window.urpatch?.state()
      return { workers: state?.workers ?? 0, peakBytes: state?.peakBytes ?? 0 }
    })
    report.figure(`${name}: whole scan ÷ bare forward pass`, pace.ratio, 'ratio', {
      target: backend === 'wasm' ? targetOf(targets.scanByForward, network.name) : { atLeast: 0.9 },
      detail: `${layer}, ${pace.images} images, ${pace.passSize} a pass, ${workers} workers`,
    })
    report.figure(`${name}: whole scan`, pace.scan, 'images/s')
    report.figure(`${name}: bare forward pass`, pace.forward, 'images/s')
    report.figure(`${name}: engines and results`, peakBytes, 'bytes')
  })
}

/** Compares, on WebGL, what comes back for one layer with its whole maps. @param {Bench} bench */
async function measureReadBack(bench) {
  const { network, images } = exercise
  await withPage(bench, { network, images, backend: 'webgl' }, async (page) => {
    const layer = network.layer ?? ''
    const count = 8
    await countReadBack(page)
    await scan(page, [layer], count)
    const bytes = await bytesReadBack(page)
    const shape = await page.evaluate((name) => {
      const found = window.urpatch?.state().model?.network.layers.find((one) => one.name === name)
      return found && found.op !== null ? [...found.shape] : []
    }, layer)
    const maps = 4 * count * shape.reduce((product, extent) => product * extent, 1)
    const channels = shape.at(-1) ?? 1
    bench.report.figure(`${network.name}: read back ÷ whole maps, in bytes`, bytes / maps, 'ratio', {
      target: { atMost: 0.01 },
      detail: `${bytes} of ${maps} bytes for ${count} images of ${layer} (${shape.join('×')}): ${bytes / (4 * count * channels)} numbers an image and channel`,
    })
  })
}

/** The three networks of the bench, as far as they are there. @param {Bench} bench */
export function networksOf({ report }) {
  const found = [exercise.network, mobileNet(), resNet()]
  for (const [i, name] of ['', 'MobileNetV2', 'ResNet50'].entries())
    if (found[i] === null)
      report.note(`${name} is left out: making it takes Python with TensorFlow (URPATCH_PYTHON)`)
  return found.filter((network) => network !== null)
}
