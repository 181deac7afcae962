/** @file Pictures of all kinds against what Pillow makes of the same bytes (tests/make/make_pictures.py). */
import { describe, expect, it } from 'vitest'
import { decodeImage, PixelReader } from '../../src/engine/images/decodeImage.ts'
import pictures from '../fixtures/pictures.json'

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

async function decode(base64: string, orientation: 'ignore' | 'apply') {
  const reader = new PixelReader()
  const bitmap = await decodeImage(new Blob([bytesOf(base64)]), orientation)
  try {
    const { data, width, height } = reader.read(bitmap)
    return {
      width,
      height,
      rgb: data.filter((_, i) => i % 4 !== 3),
      alpha: data.filter((_, i) => i % 4 === 3),
    }
  } finally {
    bitmap.close()
    reader.dispose()
  }
}

describe('decodeImage', () => {
  it.each(pictures.decoded)('decodes $name as Pillow does, as it is and turned upright', async (picture) => {
    for (const orientation of ['ignore', 'apply'] as const) {
      const expected = pictures.pixels[picture[orientation]]!
      const found = await decode(picture.file, orientation)
      expect([found.width, found.height]).toEqual([expected.width, expected.height])
      expect(Array.from(found.rgb)).toEqual(Array.from(bytesOf(expected.rgb)))
    }
  })

  it('keeps the alpha of pictures that it turns by itself', async () => {
    const { file } = pictures.decoded.find(({ name }) => name === 'turned-alpha.webp')!
    const plain = await decode(file, 'ignore')
    const turned = await decode(file, 'apply')
    expect(plain.alpha.slice(0, 3)).toEqual(Uint8Array.of(0, 1, 2))
    // The first column from below has become the first row.
    expect(turned.alpha.slice(0, 2)).toEqual(Uint8Array.of((15 * 24) % 256, (14 * 24) % 256))
  })

  it.each(pictures.refused)('refuses $name by its name: "$says"', async ({ file, says }) => {
    await expect(decode(file, 'ignore')).rejects.toMatchObject({
      code: 'images/other-kind',
      message: expect.stringContaining(says),
    })
  })
})
