/** @file Compares pictures of all kinds with what Pillow makes of the same bytes (tests/make/make_pictures.py). */
import { describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import pictures from '../../fixtures/pictures.json'

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

/** `range: null` decodes as for a file that is too large to be held, or in a browser without ImageDecoder. */
async function decode(base64: string, orientation: 'ignore' | 'apply', range?: null) {
  const reader = new PixelReader()
  const file = new Blob([bytesOf(base64)])
  try {
    const { data, width, height } = await usingPixels(file, orientation, reader, (pixels) => pixels, range)
    return {
      width,
      height,
      rgb: data.filter((_, i) => i % 4 !== 3),
      alpha: Uint8Array.from(data.filter((_, i) => i % 4 === 3)),
    }
  } finally {
    reader.dispose()
  }
}

/** Firefox rounds colours of AVIF otherwise. */
const isOtherwise = ({ name }: { name: string }): boolean =>
  server.browser === 'firefox' && name.endsWith('.avif')

describe('usingPixels', () => {
  it.for(pictures.decoded)(
    'decodes $name as Pillow does, as it is and turned upright',
    async (picture, context) => {
      context.skip(isOtherwise(picture))
      for (const orientation of ['ignore', 'apply'] as const) {
        const expected = pictures.pixels[picture[orientation]]!
        for (const range of [undefined, null]) {
          const found = await decode(picture.file, orientation, range)
          expect([found.width, found.height]).toEqual([expected.width, expected.height])
          expect(Array.from(found.rgb)).toEqual(Array.from(bytesOf(expected.rgb)))
        }
      }
    },
  )

  it.for(pictures.decoded)('finds the same alpha in $name both ways', async (picture, context) => {
    context.skip(isOtherwise(picture))
    const { file } = picture
    const [held, streamed] = await Promise.all([decode(file, 'ignore'), decode(file, 'ignore', null)])
    expect(held.alpha).toEqual(streamed.alpha)
  })

  it('keeps the alpha of pictures that it turns by itself', async () => {
    const { file } = pictures.decoded.find(({ name }) => name === 'turned-alpha.webp')!
    const plain = await decode(file, 'ignore')
    const turned = await decode(file, 'apply')
    expect(plain.alpha.slice(0, 3)).toEqual(Uint8Array.of(0, 1, 2))
    // The first column, read from below, has become the first row.
    expect(turned.alpha.slice(0, 2)).toEqual(Uint8Array.of((15 * 24) % 256, (14 * 24) % 256))
  })

  it.each(pictures.refused)('refuses $name by its name: "$says"', async ({ file, says }) => {
    await expect(decode(file, 'ignore')).rejects.toMatchObject({
      code: 'images/other-kind',
      message: expect.stringContaining(says),
    })
  })
})
