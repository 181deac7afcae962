/**
 * @file Makes a folder of photos as large as cameras', in four classes: JPEGs of 12 and 24 megapixels with grain, drawn
 * by Chromium. For measurements; nothing is kept in the repository.
 * Usage: node tests/make/largePhotos.mjs FOLDER [COUNT]
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../../src/cli/browser.mjs'

const sizes = [
  [4000, 3000],
  [6000, 4000],
]

/** Makes the photos. Those that are already there stay. @param {string} folder @param {number} count */
export async function writeLargePhotos(folder, count) {
  const browser = await launchChromium()
  const page = await browser.newPage()
  for (let i = 0; i < count; i++) {
    const file = join(folder, `class${i % 4}`, `photo-${String(i).padStart(4, '0')}.jpg`)
    if (existsSync(file)) continue
    mkdirSync(join(folder, `class${i % 4}`), { recursive: true })
    const base64 = await page.evaluate(draw, [i, ...(sizes[i % sizes.length] ?? [])])
    writeFileSync(file, Buffer.from(base64, 'base64'))
  }
  await browser.close()
}

/** Runs in the page. @param {number[]} photo The photo's number, width and height. */
async function draw([number = 0, width = 1, height = 1]) {
  let state = number + 1
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const sky = context.createLinearGradient(0, 0, width * random(), height)
  for (const at of [0, 0.5, 1]) sky.addColorStop(at, `hsl(${random() * 360} 60% ${30 + random() * 40}%)`)
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  for (let i = 0; i < 300; i++) {
    context.fillStyle = `hsl(${random() * 360} 70% ${20 + random() * 60}% / 70%)`
    context.beginPath()
    const [x, y, size] = [random() * width, random() * height, 20 + random() ** 3 * 900]
    if ((i + number) % 4 < 2) context.ellipse(x, y, size, size * random(), random() * 3, 0, 7)
    else context.rect(x, y, size, size * random())
    context.fill()
  }
  const grain = new OffscreenCanvas(512, 512)
  const pixels = new ImageData(512, 512)
  for (let i = 0; i < pixels.data.length; i += 4) {
    const light = random() * 255
    pixels.data.set([light, light, light, 28], i)
  }
  grain.getContext('2d')?.putImageData(pixels, 0, 0)
  context.fillStyle = context.createPattern(grain, 'repeat') ?? ''
  context.fillRect(0, 0, width, height)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 32_768) text += String.fromCharCode(...bytes.subarray(i, i + 32_768))
  return btoa(text)
}

const [, script, folder, count = '48'] = process.argv
if (script?.endsWith('largePhotos.mjs') && folder) await writeLargePhotos(folder, Number(count))
