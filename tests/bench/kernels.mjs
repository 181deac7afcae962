/**
 * @file Our convolutions on WASM beside tfjs': in whole forward passes, and of single layers, beside what the processor can
 * do at most.
 */
import { createServer } from 'vite'
import { root } from '../../src/cli/install.mjs'
import { exercise } from './inputs.mjs'
import { median } from './numbers.mjs'
import { layersOf, withPage } from './page.mjs'
import { bareForward } from './pace.mjs'
import { networksOf } from './speed.mjs'
import { targetOf, targets } from './targets.mjs'

/** @typedef {import('./layerSpeeds.ts').Layer} Layer */

/**
 * @param {string} name
 * @param {readonly [size: number, channels: number, filters: number | null]} map
 * @param {readonly [kernel: number, stride: number]} window
 * @param {'same' | 'valid'} padding
 * @returns {Layer}
 */
function layer(name, [size, channels, filters], [kernel, stride], padding) {
  return { name, size, channels, filters, kernel, stride, padding }
}

/** Those that take most of the time, of the exercise's network, ResNet50 and MobileNetV2. @type {readonly Layer[]} */
const layers = [
  layer('exercise conv2d', [96, 3, 32], [3, 1], 'valid'),
  layer('exercise conv2d_1', [94, 32, 32], [3, 1], 'valid'),
  layer('exercise conv2d_3', [45, 32, 64], [3, 1], 'valid'),
  layer('exercise conv2d_4', [43, 64, 64], [3, 1], 'valid'),
  layer('exercise conv2d_6', [19, 64, 128], [3, 1], 'valid'),
  layer('ResNet50 7×7', [224, 3, 64], [7, 2], 'same'),
  layer('ResNet50 3×3, 56²', [56, 64, 64], [3, 1], 'same'),
  layer('ResNet50 3×3, 28²', [28, 128, 128], [3, 1], 'same'),
  layer('ResNet50 3×3, 14²', [14, 256, 256], [3, 1], 'same'),
  layer('ResNet50 3×3, 7²', [7, 512, 512], [3, 1], 'same'),
  layer('ResNet50 1×1, 56²', [56, 64, 256], [1, 1], 'valid'),
  layer('ResNet50 1×1, 28²', [28, 512, 128], [1, 1], 'valid'),
  layer('ResNet50 1×1, 14²', [14, 256, 1024], [1, 1], 'valid'),
  layer('ResNet50 1×1, 7²', [7, 2048, 512], [1, 1], 'valid'),
  layer('MobileNetV2 1×1, 112²', [112, 16, 96], [1, 1], 'valid'),
  layer('MobileNetV2 1×1, 28²', [28, 192, 32], [1, 1], 'valid'),
  layer('MobileNetV2 1×1, 7²', [7, 320, 1280], [1, 1], 'valid'),
  layer('MobileNetV2 depthwise, 112²', [112, 32, null], [3, 1], 'same'),
  layer('MobileNetV2 depthwise, 28²', [28, 192, null], [3, 1], 'same'),
  layer('MobileNetV2 depthwise, 7²', [7, 960, null], [3, 1], 'same'),
  layer('MobileNetV2 depthwise by 2, 112²', [112, 96, null], [3, 2], 'same'),
]

/** @param {import('./page.mjs').Bench} bench */
export async function measureKernels(bench) {
  await measureNetworks(bench)
  await measureSingleLayers(bench)
}

const rounds = 3
const seconds = 4

/** @param {import('./page.mjs').Bench} bench */
async function measureNetworks(bench) {
  const { report } = bench
  for (const network of networksOf(bench)) {
    const { ratio, detail } = await measureForward(bench, network)
    report.figure(`${network.name}: forward pass by ours ÷ by tfjs’`, ratio, 'ratio', {
      target: targetOf(targets.forwardByTfjs, network.name),
      detail,
    })
  }
  const { network } = exercise
  const { ratio, detail } = await measureForward(bench, network, refuseRelaxedSimd)
  report.figure(`${network.name}: the same without relaxed SIMD`, ratio, 'ratio', {
    target: targets.plainForwardByTfjs,
    detail,
  })
}

/**
 * Bare forward passes of all workers together, by ours and by tfjs' in turns.
 * @param {import('./page.mjs').Bench} bench
 * @param {import('./inputs.mjs').BenchNetwork} network
 * @param {(page: import('./page.mjs').Page) => Promise<void>} [prepare]
 */
function measureForward(bench, network, prepare) {
  return withPage(bench, { network, backend: 'wasm', ...(prepare ? { prepare } : {}) }, async (page) => {
    const to = network.layer ?? (await layersOf(page)).lastMap
    /** @type {{ tfjs: number[], fast: number[] }} */
    const rates = { tfjs: [], fast: [] }
    for (let round = 0; round < rounds; round++)
      for (const convolutions of /** @type {const} */ (['tfjs', 'fast']))
        rates[convolutions].push(
          (await bareForward(page, to, Infinity, seconds, convolutions)).imagesPerSecond,
        )
    const [ours, tfjs] = [median(rates.fast), median(rates.tfjs)]
    return {
      ratio: ours / tfjs,
      detail: `to ${to}, ${ours.toFixed(1)} and ${tfjs.toFixed(1)} images/s`,
    }
  })
}

/**
 * Chromium has no flag for it any more, so each worker begins by making `WebAssembly` refuse all programs with a relaxed
 * multiplication and addition: `validate`, by which the engine finds out what the browser can do, and `Module`.
 * @param {import('./page.mjs').Page} page
 */
async function refuseRelaxedSimd(page) {
  await page.addInitScript(() => {
    const start = (/** @type {string} */ url) => `
      const { validate, Module } = WebAssembly
      const madd = [0xfd, 0x85, 0x02]
      const isRefused = (bytes) => bytes.some((_, i) => madd.every((byte, k) => bytes[i + k] === byte))
      WebAssembly.validate = (bytes) => !isRefused(bytes) && validate(bytes)
      WebAssembly.Module = new Proxy(Module, {
        construct(_, [bytes]) {
          if (isRefused(bytes)) throw new WebAssembly.CompileError('there is no relaxed SIMD')
          return new Module(bytes)
        },
      })
      // Calls that come before the worker listens are handed to it afterwards.
      const early = []
      const keep = (event) => early.push(event.data)
      addEventListener('message', keep)
      await import(${JSON.stringify(url)})
      removeEventListener('message', keep)
      for (const data of early) dispatchEvent(new MessageEvent('message', { data }))
    `
    window.Worker = class extends Worker {
      constructor(/** @type {string | URL} */ url, /** @type {WorkerOptions | undefined} */ options) {
        const source = start(new URL(url, location.href).href)
        super(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), options)
      }
    }
  })
}

/** @param {import('./page.mjs').Bench} bench */
async function measureSingleLayers(bench) {
  const { report } = bench
  // The build has no door to single layers: the sources are served as they are.
  const server = await createServer({ root, server: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' })
  await server.listen()
  const address = server.httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('the server has no port')
  const url = `http://127.0.0.1:${address.port}/`
  try {
    await withPage({ ...bench, url }, {}, async (page) => {
      const module = '/tests/bench/layerSpeeds.ts'
      const { wall, arithmetic } = await page.evaluate(async (path) => {
        const speeds = /** @type {typeof import('./layerSpeeds.ts')} */ (await import(path))
        return speeds.measureWall()
      }, module)
      if (arithmetic === null) return report.note('left out: there is no SIMD here')
      report.note(`the wall: ${wall.toFixed(1)} GFLOP/s (${arithmetic} multiplications and additions alone)`)
      for (const one of layers) {
        const { kernel, ours, tfjs } = await page.evaluate(async ([path, what]) => {
          const speeds = /** @type {typeof import('./layerSpeeds.ts')} */ (await import(path))
          return speeds.measureLayer(what)
        }, /** @type {const} */ ([module, one]))
        const share = `${Math.round((100 * ours) / wall)} % of the wall`
        report.figure(`${one.name}: ours ÷ tfjs`, ours / tfjs, 'ratio', {
          detail: `${kernel}, ${ours.toFixed(1)} and ${tfjs.toFixed(1)} GFLOP/s, ${share}`,
        })
      }
    })
  } finally {
    await server.close()
  }
}
