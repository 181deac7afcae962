/**
 * Pictures that browsers would decode differently, left to themselves: each browser that is here has the very colours that Pillow has
 * (tests/make/make_transparent_pictures.py), but for what is said below.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveFolder } from '../../src/cli/server.mjs'
import fixtures from '../fixtures/pictures.json'
import { pictures } from '../fixtures/transparent-pictures.json'
import { launchChromium, launchFirefox } from './chromiumAndFirefox.ts'
import { type BrowserName, type Driven, until } from './driven.ts'
import { findFirefox, findWebKit } from './install.mjs'
import { launchWebKit } from './webkit.ts'

/** By how much a channel may be off at most, and on average over the picture. */
interface Bound {
  readonly most: number
  readonly mean: number
}

const none: Bound = { most: 0, mean: 0 }

/** Firefox takes the colour of the nearest point where AVIF has one for four pixels; all others interpolate, as Pillow does. */
const nearest: Bound = { most: 100, mean: 5.5 }

function boundOf(browser: BrowserName, name: string): Bound {
  return browser === 'Firefox' && /^(halved|turned-).*avif$/.test(name) ? nearest : none
}

/** Chromium 156 takes the alpha of AVIFs for numbers from 16 to 235, and stretches it. */
function alphaBoundOf(browser: BrowserName, name: string): number {
  return browser === 'Chromium' && name.endsWith('.avif') ? 20 : 0
}

const plain = fixtures.decoded.map(({ name, file, apply }) => ({ name, file, ...fixtures.pixels[apply]! }))

let server: Awaited<ReturnType<typeof serveFolder>>
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-decoding-'))
  const root = path.join(import.meta.dirname, 'decoding')
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, target: 'es2022', minify: false },
  })
  server = await serveFolder(folder)
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Difference extends Bound {
  readonly alpha: number
}

/** `expected` has three numbers a pixel, or four. */
function differenceOf(found: Buffer, expected: Buffer): Difference {
  const channels = expected.length === found.length ? 4 : 3
  const pixels = found.length / 4
  let [most, sum, alpha] = [0, 0, 0]
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) {
      const off = Math.abs(found[4 * p + c]! - expected[channels * p + c]!)
      most = Math.max(most, off)
      sum += off / (3 * pixels)
    }
    if (channels === 4) alpha = Math.max(alpha, Math.abs(found[4 * p + 3]! - expected[4 * p + 3]!))
  }
  return { most, mean: sum, alpha }
}

const browsers = [
  ['Chromium', true, launchChromium],
  ['Firefox', findFirefox(), launchFirefox],
  ['WebKit', findWebKit(), launchWebKit],
] as const

it.each(browsers)('%s decodes all pictures as Pillow does', async (name, found, launch) => {
  if (!found) {
    console.log(`${name} is not installed: its pictures are not compared.`)
    return
  }
  const driven: Driven = await launch()
  const wrong: string[] = []
  try {
    await driven.goto(server.url)
    await until(driven, () => window.decodePicture !== undefined)
    const all = [
      ...pictures.map((picture) => ({ ...picture, pixels: picture.rgba })),
      ...plain.map((picture) => ({ ...picture, pixels: picture.rgb })),
    ]
    for (const { name: file, file: content, width, height, pixels } of all) {
      const decoded = await driven.evaluate((text) => window.decodePicture!(text), content)
      if ('refused' in decoded) {
        wrong.push(`${file}: ${decoded.refused}`)
        continue
      }
      if (decoded.width !== width || decoded.height !== height) {
        wrong.push(`${file}: ${decoded.width}×${decoded.height} in place of ${width}×${height}`)
        continue
      }
      const off = differenceOf(Buffer.from(decoded.rgba, 'base64'), Buffer.from(pixels, 'base64'))
      const bound = boundOf(name, file)
      if (off.most > bound.most || off.mean > bound.mean || off.alpha > alphaBoundOf(name, file))
        wrong.push(`${file}: ${off.most} at most, ${off.mean.toFixed(2)} on average, alpha ${off.alpha}`)
    }
    expect(await driven.noise()).toEqual([])
  } finally {
    await driven.close()
  }
  expect(wrong).toEqual([])
})
