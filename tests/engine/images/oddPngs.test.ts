/** PNGs that Python reads differently than browsers do: indices beyond the palette, EXIF in a text, stored grey. */
import { describe, expect, it } from 'vitest'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import { decodeBatch } from '../../../src/engine/images/decodeBatch.ts'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import type { RawImage } from '../../../src/engine/images/imageHandle.ts'
import { deflated, latin, pngFile, type PngPart } from '../pngFile.ts'

/** The pixels, one by one. `range: null` decodes the file as one that is too large to be held in memory. */
async function pixelsOf(file: Blob, orientation: 'ignore' | 'apply', range?: null): Promise<number[][]> {
  const reader = new PixelReader()
  try {
    const { data } = await usingPixels(file, orientation, reader, (pixels) => pixels, range)
    return Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)])
  } finally {
    reader.dispose()
  }
}

describe('a palette', () => {
  const red = [255, 0, 0]
  const blue = [0, 0, 255]
  const palette = (...colours: number[][]): PngPart => ({
    kind: 'PLTE',
    content: Uint8Array.from(colours.flat()),
  })

  it.each([
    ['8 bits', 8, [[0, 1, 2, 255]]],
    ['4 bits', 4, [[0x01, 0x2f]]],
    ['2 bits', 2, [[0b00_01_10_11]]],
  ])('of %s has black for the numbers without a colour', async (_, bits, rows) => {
    const file = await pngFile(4, 'palette', rows, [palette(red, blue)], bits)
    const black = [0, 0, 0, 255]
    for (const range of [undefined, null] as const)
      expect(await pixelsOf(file, 'ignore', range)).toEqual([[...red, 255], [...blue, 255], black, black])
  })

  it('keeps its transparency, and is opaque where it says nothing', async () => {
    const transparency = { kind: 'tRNS', content: Uint8Array.of(7) }
    const file = await pngFile(3, 'palette', [[0, 1, 9]], [palette(red, blue), transparency])
    for (const range of [undefined, null] as const)
      expect(await pixelsOf(file, 'ignore', range)).toEqual([
        [...red, 7],
        [...blue, 255],
        [0, 0, 0, 255],
      ])
  })
})

describe("EXIF in ImageMagick's text", () => {
  // Orientation 3 means upside down.
  const exif = [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
  const digits = exif.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const text = `\nexif\n      ${exif.length}\n${digits.slice(0, 36)}\n${digits.slice(36)}\n`
  const name = 'Raw profile type exif'
  const rows = [[10], [20]]
  const chunks: readonly (readonly [string, () => Promise<Uint8Array<ArrayBuffer>>])[] = [
    ['tEXt', () => Promise.resolve(latin(`${name}\0${text}`))],
    ['zTXt', async () => Uint8Array.of(...latin(`${name}\0\0`), ...(await deflated(latin(text))))],
    ['iTXt', () => Promise.resolve(latin(`${name}\0\0\0en\0Name\0${text}`))],
    ['iTXt', async () => Uint8Array.of(...latin(`${name}\0\u0001\0\0\0`), ...(await deflated(latin(text))))],
  ]

  it.each(chunks)('%s turns the picture where that is set, and only there', async (kind, content) => {
    const file = await pngFile(1, 'grey', rows, [{ kind, content: await content() }])
    for (const range of [undefined, null] as const) {
      expect((await pixelsOf(file, 'ignore', range)).map(([grey]) => grey)).toEqual([10, 20])
      expect((await pixelsOf(file, 'apply', range)).map(([grey]) => grey)).toEqual([20, 10])
    }
  })

  it.each([
    ['of another kind', 'Raw profile type icc\0\nicc\n 4\n49492a00\n'],
    ['with other letters', `${name}\0\nexif\n 4\nhello\n`],
    ['that is cut off', `${name}\0\nexif`],
  ])('%s changes nothing', async (_, wrong) => {
    const file = await pngFile(1, 'grey', rows, [{ kind: 'tEXt', content: latin(wrong) }])
    expect((await pixelsOf(file, 'apply')).map(([grey]) => grey)).toEqual([10, 20])
  })

  it('counts less than a chunk of its own', async () => {
    // Orientation 6 of a picture with one pixel per row.
    const turned = Uint8Array.from(exif)
    turned[18] = 6
    const file = await pngFile(1, 'grey', rows, [
      { kind: 'tEXt', content: latin(`${name}\0${text}`) },
      { kind: 'eXIf', content: turned },
    ])
    const reader = new PixelReader()
    expect(await usingPixels(file, 'apply', reader, ({ width, height }) => [width, height])).toEqual([2, 1])
    reader.dispose()
  })
})

describe('grey for a network of one channel', () => {
  it('is the number of a grey file, and of a coloured one 0.9999 of it, as in TensorFlow', async () => {
    const raw: RawImage = {
      kind: 'raw',
      file: new Blob([Uint8Array.of(200)]),
      offset: 0,
      width: 1,
      height: 1,
      channels: 1,
      layout: 'interleaved',
    }
    const handles = [
      await pngFile(1, 'grey', [[200]]),
      await pngFile(1, 'greyWithAlpha', [[200, 9]]),
      await pngFile(1, 'colour', [[200, 200, 200]]),
      raw,
    ]
    const reader = new PixelReader()
    const { data, skipped } = await decodeBatch(
      handles.map((handle, image) => ({ image, handle })),
      handles.length,
      [1, 1, 1],
      withSettings({ scale: '0..255' }),
      reader,
    )
    reader.dispose()
    expect(skipped).toEqual([])
    expect([data[0], data[1], data[3]]).toEqual([200, 200, 200])
    expect(data[2]).toBeCloseTo(0.9999 * 200, 4)
  })
})
