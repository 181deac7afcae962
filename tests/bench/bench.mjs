/**
 * @file `npm run bench`: what a scan costs beside the bare forward pass, from one run, ratios first. With the kit
 * beside the project it takes the exercise's network and images, otherwise the demo. Figures inform; no test
 * depends on them.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { ensureBuild, ensurePackages, root } from '../../src/cli/install.mjs'
import { watchMemory } from './processMemory.mjs'

ensurePackages()
ensureBuild()
const { launchChromium, serveBuild } = await import('../../src/cli/browser.mjs')

const seed = path.join(root, '../shared/kit/seed')
const withKit = existsSync(path.join(seed, 'animals_and_plants.h5'))

/** @type {[string, string][]} */
const table = []
/** @type {Record<string, number>} */
const figures = {}
/** @param {string} name @param {number} value @param {string} text */
function figure(name, value, text) {
  figures[name] = value
  table.push([name, text])
  console.error(`${name}: ${text}`)
}
const rate = (/** @type {number} */ value) => `${value.toFixed(1)} images/s`
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(0)} MB`

const server = await serveBuild()
try {
  pageSizes()
  await firstMosaic()
  await scans()
} finally {
  await server.close()
}

console.log(`\n${os.cpus().length} cores, ${os.cpus()[0]?.model ?? 'unknown processor'}`)
const width = Math.max(...table.map(([name]) => name.length))
for (const [name, text] of table) console.log(`${name.padEnd(width)}  ${text}`)
const out = process.argv[2]
if (out) writeFileSync(out, `${JSON.stringify(figures, null, 2)}\n`)

/** What the first page loads: scripts and styles named in index.html. */
function pageSizes() {
  const html = readFileSync(path.join(root, 'dist/index.html'), 'utf8')
  const assets = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => String(match[1]))
  const gzipped = (/** @type {string} */ file) => gzipSync(readFileSync(path.join(root, 'dist', file))).length
  for (const ending of ['.js', '.css']) {
    const bytes = assets.filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipped(file), 0)
    figure(`first page, ${ending.slice(1)}, gzip`, bytes, `${(bytes / 1000).toFixed(1)} kB`)
  }
  const workers = readdirSync(path.join(root, 'dist/assets')).filter((file) => /worker|hdf5/.test(file))
  for (const file of workers)
    figure(
      `later: ${file.replace(/-[\w-]{8}\.js$/, '')}, gzip`,
      gzipped(`assets/${file}`),
      `${(gzipped(`assets/${file}`) / 1000).toFixed(0)} kB`,
    )
}

/** Demo: from a press on Run to the first patch on the screen; and how long the page ever hung. */
async function firstMosaic() {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.addInitScript(() => {
      const times = { longest: 0 }
      Object.assign(window, { times })
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) times.longest = Math.max(times.longest, duration)
      }).observe({ type: 'longtask', buffered: true })
    })
    await page.goto(`${server.url}?demo`)
    await page.getByRole('button', { name: 'Stop' }).click()
    const ms = await page.evaluate(async () => {
      const start = performance.now()
      void window.urpatch?.state().run()
      // A canvas is one pixel wide until something is drawn on it.
      while (![...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 1 && painted(canvas)))
        await new Promise(requestAnimationFrame)
      return performance.now() - start
      function painted(/** @type {HTMLCanvasElement} */ canvas) {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
        return data?.some((value) => value !== 0)
      }
    })
    figure('demo: first mosaic after Run', ms, `${ms.toFixed(0)} ms`)
    await page.waitForFunction(() => window.urpatch?.state().scan.status === 'done')
    const longest = await page.evaluate(() => /** @type {any} */ (window).times.longest)
    figure('demo: longest page task', longest, `${longest.toFixed(0)} ms`)
    // A person's click comes later than this script's.
    await page.waitForTimeout(1000)
    const opened = await page.evaluate(async () => {
      const start = performance.now()
      window.urpatch?.state().showChannel(7)
      const canvas = () => document.querySelector('.large-mosaic canvas')
      while (!(
        canvas() instanceof HTMLCanvasElement && /** @type {HTMLCanvasElement} */ (canvas()).width > 1
      ))
        await new Promise(requestAnimationFrame)
      return performance.now() - start
    })
    figure('demo: channel page after click', opened, `${opened.toFixed(0)} ms`)
  } finally {
    await browser.close()
  }
}

async function scans() {
  const layer = 'conv2d_5'
  for (const layers of [[layer], 'all']) {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(0)
      await page.goto(server.url)
      if (withKit) {
        await page.getByLabel('Model file').setInputFiles(path.join(seed, 'animals_and_plants.h5'))
        await page.getByLabel('Image folder').setInputFiles(path.join(seed, 'cats-dogs-plants'))
      } else {
        await page.getByLabel('Model file').setInputFiles(path.join(root, 'public/demo/model.h5'))
        await page.getByLabel('Image files').setInputFiles(path.join(root, 'public/demo/images.zip'))
      }
      await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
      const name = layers === 'all' ? 'all layers' : layer
      const stopWatching = watchMemory(process.pid)
      // Before and after, as these machines are noisy: the mean of both.
      const taps = layers === 'all' ? await lastLayer(page) : [layer]
      const forward = () => page.evaluate((names) => window.urpatch?.measureForward(names, 16, 6), taps)
      const before = Number(await forward())
      await page.evaluate((names) => window.urpatch?.scan(names), /** @type {string[] | 'all'} */ (layers))
      const scan = await page.evaluate(() => window.urpatch?.state().scan)
      const after = Number(await forward())
      if (!scan || !('seconds' in scan)) throw new Error('the scan has not ended')
      const bare = (before + after) / 2
      const whole = scan.progress.done / scan.seconds
      figure(`${name}: scan ÷ bare forward pass`, whole / bare, (whole / bare).toFixed(2))
      figure(
        `${name}: whole scan`,
        whole,
        `${rate(whole)} (${scan.progress.done} images in ${scan.seconds.toFixed(1)} s)`,
      )
      figure(
        `${name}: bare forward pass`,
        bare,
        `${rate(bare)} (${before.toFixed(1)} before, ${after.toFixed(1)} after)`,
      )
      const held = await page.evaluate(() => window.urpatch?.state().peakBytes ?? 0)
      figure(`${name}: engines and results`, held, megabytes(held))
      const peak = stopWatching()
      figure(`${name}: peak memory of Chromium and this script`, peak, megabytes(peak))
    } finally {
      await browser.close()
    }
  }
}

/** The layer whose pass computes all others. @param {import('playwright').Page} page */
async function lastLayer(page) {
  return page.evaluate(() => [window.urpatch?.state().model?.network.layers.at(-1)?.name ?? ''])
}
