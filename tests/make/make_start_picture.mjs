/** @file Makes the start screen's strip of mosaics from the built demo: `node tests/make/make_start_picture.mjs`. */
import { writeFileSync } from 'node:fs'
import { launchChromium, serveBuild } from '../../src/cli/browser.mjs'
import { ensureBuild } from '../../src/cli/install.mjs'

/** Channels of conv2d_5. Each shows one kind of thing, and few of them are alike. */
const channels = [6, 2, 5, 7, 8, 1, 10, 4]

ensureBuild()
const server = await serveBuild()
const browser = await launchChromium()
const page = await browser.newPage({ viewport: { width: 1440, height: 1600 } })
await page.goto(`${server.url}?demo`)
await page.waitForFunction(
  () => {
    const state = window.urpatch?.state()
    return state && 'progress' in state.scan && state.scan.progress.done >= 600
  },
  undefined,
  { timeout: 240_000 },
)
await page.evaluate(() => {
  const { stop, setView } = window.urpatch?.state() ?? {}
  stop?.()
  setView?.({ tileSize: 'small' })
})
await page.waitForTimeout(2000)
const picture = await page.evaluate((numbers) => {
  const side = 96
  const gap = 4
  const strip = document.createElement('canvas')
  strip.width = numbers.length * (side + gap) - gap
  strip.height = side
  const drawing = strip.getContext('2d')
  for (const [i, number] of numbers.entries()) {
    const mosaic = document.querySelector(`[data-channel="${number}"] canvas`)
    if (mosaic instanceof HTMLCanvasElement) drawing?.drawImage(mosaic, i * (side + gap), 0, side, side)
  }
  return strip.toDataURL('image/webp', 0.8)
}, channels)
writeFileSync(
  new URL('../../public/start.webp', import.meta.url),
  Buffer.from(picture.split(',')[1] ?? '', 'base64'),
)
await browser.close()
await server.close()
