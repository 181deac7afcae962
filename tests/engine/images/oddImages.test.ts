/** @file Every file of the kit's odd images gives what its manifest says, with the colours that Pillow finds. */
import { describe, expect, it } from 'vitest'
import { commands, server } from 'vitest/browser'
import { messageOf } from '../../../src/core/errors.ts'
import type { Pixels } from '../../../src/core/preprocessing/toInput.ts'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import oddImages from '../../fixtures/odd-images.json'
import { kitText } from '../kitFiles.ts'

const folder = '../shared/kit/odd-images/'
const manifest = await kitText('odd-images/manifest.tsv')
const rows = (manifest ?? '')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([name = '', , expected = '', chromium = '']) => ({ name, expected, chromium }))
if (rows.length < 2) console.log('The kit is not there: its odd images are not compared.')

/** The files that are skipped, with what the sentence must say. */
const reasons: Readonly<Record<string, RegExp>> = {
  'truncated.jpg': /damaged JPEG/,
  'corrupt-header.jpg': /damaged JPEG/,
  'broken.png': /damaged PNG/,
  'bomb.ico': /65,535×32,767 pixels, more than/,
  'giant-progressive.jpg': /20,000×14,000 pixels, more than the 178,956,970/,
  'png-no-ihdr.png': /damaged PNG/,
  'fuzz-4bytes.jpg': /damaged JPEG|no picture/,
  'pngsuite-xdtn0g01.png': /damaged PNG/,
  'bmp-reallybig.bmp': /pixels, more than|damaged BMP/,
  'circle.svg': /SVG drawing/,
  'zero-bytes.jpg': /the file is empty/,
  'Thumbs.db': /no picture|Thumbs\.db/,
}

/** By how much means may differ: Chromium rounds down from CMYK to RGB, and has its own tone mapping for HDR. */
const tolerances: Readonly<Record<string, number>> = {
  'cmyk-icc.jpg': 1,
  'cmyk-pil.jpg': 1,
  'avif-10bit-p3pq.avif': 255,
}

/** What decoders of other browsers do otherwise. */
const decodedOtherwise: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  firefox: {
    'arithmetic.jpg': 'arithmetic coding is not decoded',
    'gif-no-palette.gif': 'without a palette it is white',
    'hopper.avif': 'colours are rounded otherwise',
  },
  webkit: { 'gif-no-palette.gif': 'without a palette it is refused' },
}
const otherwise = (name: string): string | undefined => decodedOtherwise[server.browser]?.[name]

interface Found extends Pixels {
  readonly mean: readonly number[]
}

/**
 * The pixels, or the reason why the file is skipped. `range: null` decodes it as a file that is too large to be held in
 * memory.
 */
async function open(name: string, range?: null): Promise<Found | string> {
  // Vitest's server sends the file as Base64; it also escapes names with # and %.
  const text = atob(await commands.readFile(folder + name, 'base64'))
  const reader = new PixelReader()
  try {
    const file = new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))])
    const { data, width, height } = await usingPixels(file, 'ignore', reader, (pixels) => pixels, range)
    const sums = [0, 0, 0]
    for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sums[c]! += data[i + c]!
    return { width, height, data, mean: sums.map((sum) => sum / (width * height)) }
  } catch (error) {
    return messageOf(error)
  } finally {
    reader.dispose()
  }
}

describe.skipIf(rows.length < 2)('the odd images of the kit', () => {
  const opened = rows.filter(({ name }) => !reasons[name])
  it.for(opened)('$name: the same pixels both ways', async ({ name }, { skip }) => {
    skip(otherwise(name) !== undefined, otherwise(name))
    const [held, streamed] = [await open(name), await open(name, null)]
    if (typeof held === 'string' || typeof streamed === 'string') throw new Error(`${name} is skipped`)
    // Some have millions of pixels, for which a matcher would take minutes.
    expect(held.data.length).toBe(streamed.data.length)
    expect(held.data.findIndex((value, i) => value !== streamed.data[i])).toBe(-1)
  })

  it.for(rows)('$name: $expected', async ({ name, chromium }, { skip }) => {
    skip(otherwise(name) !== undefined, otherwise(name))
    const found = await open(name)
    const reason = reasons[name]
    if (reason) {
      expect(found).toMatch(reason)
      return
    }
    if (typeof found === 'string') throw new Error(`${name} is skipped: ${found}`)
    const pillow = (oddImages as Record<string, { width: number; height: number; mean: number[] }>)[name]
    const size = pillow ?? {
      width: Number(/^\d+/.exec(chromium)),
      height: Number(/x(\d+)/.exec(chromium)![1]),
    }
    expect([found.width, found.height]).toEqual([size.width, size.height])
    if (!pillow) return
    const tolerance = tolerances[name] ?? 0.001
    for (let c = 0; c < 3; c++)
      expect(Math.abs(found.mean[c]! - pillow.mean[c]!)).toBeLessThanOrEqual(tolerance)
  })
})
