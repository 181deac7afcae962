import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { decodeBatch } from '../../../src/engine/images/decodeBatch.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import pixels from '../../fixtures/pixels.json'
import { isCopy, type SmallPicture } from '../../../src/engine/images/smallPicture.ts'
import { halves, pixelAt } from '../bitmaps.ts'
import { type FixtureName, fixtureFile } from '../fixtureFiles.ts'

/** The tensor `[24, 24, 3]` that TensorFlow makes of the file. */
function tensorflowPixels(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (c) => c.codePointAt(0)!).buffer)
}

describe('decodeBatch', () => {
  it.each(Object.entries(pixels) as [FixtureName, string][])(
    'makes of %s the very numbers that TensorFlow makes',
    async (name, base64) => {
      const reader = new PixelReader()
      const batch = await decodeBatch(
        [{ image: 7, handle: await fixtureFile(name) }],
        1,
        [24, 24, 3],
        notebookPreprocessing,
        reader,
      )
      reader.dispose()
      expect([...batch.images]).toEqual([7])
      expect(batch.data).toEqual(tensorflowPixels(base64))
    },
  )

  it('writes into the memory of an earlier batch, of which nothing is left', async () => {
    const reader = new PixelReader()
    const memory = new Float32Array(4 * 24 * 24 * 3).fill(7)
    const names = ['red/00.png', 'red/broken.png', 'red/00.png'] as const
    const items = await Promise.all(
      names.map(async (name, image) => ({ image, handle: await fixtureFile(name) })),
    )
    const decode = (rows: Float32Array | null) =>
      decodeBatch(items, 3, [24, 24, 3], notebookPreprocessing, reader, rows)
    const [fresh, reused, larger] = [
      await decode(null),
      await decode(memory),
      await decode(new Float32Array(5)),
    ]
    reader.dispose()
    expect(reused.data.buffer).toBe(memory.buffer)
    for (const batch of [reused, larger]) expect(batch.data).toEqual(fresh.data)
    expect(new Set(fresh.data.subarray(24 * 24 * 3, 2 * 24 * 24 * 3))).toEqual(new Set([0]))
  })

  it('hands on the pixels of what is small, as they are in the file', async () => {
    const reader = new PixelReader()
    const names = ['red/00.png', 'red/broken.png', 'green/alpha.png'] as const
    const files = await Promise.all(names.map((name) => fixtureFile(name)))
    const large = await halves(300, 300, '#f00', '#00f')
    const handles = [...files, large, await halves(200, 100, '#f00', '#00f')]
    const items = handles.map((handle, image) => ({ image, handle }))
    const { pictures } = await decodeBatch(items, 5, [24, 24, 3], notebookPreprocessing, reader)
    reader.dispose()
    const found = (pictures as readonly SmallPicture[]).toSorted((a, b) => a.image - b.image)
    expect(found.map(({ image, width, height }) => [image, width, height])).toEqual([
      [0, 24, 24],
      [2, 24, 24],
      [4, 200, 100],
    ])
    expect(new Set(found[1]!.data.filter((_, i) => i % 4 === 3)).size).toBe(256)
    expect([...found[2]!.data.subarray(0, 4)]).toEqual([255, 0, 0, 255])
    expect([...found[2]!.data.subarray(-4)]).toEqual([0, 0, 255, 255])
  })

  it('hands on a copy of what is large, of a megapixel, opaque and with the size of the picture itself', async () => {
    const reader = new PixelReader()
    // PNGs and JPEGs are decoded in different ways.
    const handles = [
      await halves(2400, 1200, '#f00', '#00f'),
      await halves(2400, 1200, '#f00', '#00f', 'image/jpeg'),
      await halves(2400, 1200, '#f008', '#00f8'),
    ]
    const items = handles.map((handle, image) => ({ image, handle }))
    const { pictures } = await decodeBatch(items, 3, [24, 24, 3], notebookPreprocessing, reader)
    reader.dispose()
    expect(pictures).toHaveLength(3)
    for (const picture of pictures) {
      if (!isCopy(picture)) throw new Error('a large picture was handed on whole')
      expect([picture.width, picture.height]).toEqual([2400, 1200])
      const copy = await createImageBitmap(picture.file)
      expect([copy.width, copy.height]).toEqual([1448, 724])
      const [red, green, blue, alpha] = pixelAt(copy, 300, 300)
      expect(red).toBeGreaterThan(245)
      expect(green! + blue!).toBeLessThan(16)
      expect(alpha).toBe(255)
      expect(pixelAt(copy, 1100, 300)[2]).toBeGreaterThan(245)
    }
  })

  it('skips a broken picture with the reason, leaves its row empty and goes on', async () => {
    const reader = new PixelReader()
    const names = ['red/00.png', 'red/broken.png', 'blue/gray.png'] as const
    const items = await Promise.all(
      names.map(async (name, image) => ({ image, handle: await fixtureFile(name) })),
    )
    const batch = await decodeBatch(items, 4, [24, 24, 3], notebookPreprocessing, reader)
    reader.dispose()
    expect([...batch.images]).toEqual([0, -1, 2, -1])
    expect(batch.skipped).toEqual([{ image: 1, reason: expect.stringContaining('a damaged PNG file') }])
    const row = 24 * 24 * 3
    expect(batch.data.subarray(row, 2 * row).every((value) => value === 0)).toBe(true)
    expect(batch.data.subarray(2 * row, 3 * row).some((value) => value > 0)).toBe(true)
  })

  it('skips an empty file and an address that is not there', async () => {
    const reader = new PixelReader()
    const items = [
      { image: 0, handle: new Blob([]) },
      { image: 1, handle: 'data:image/png,nonsense' },
    ]
    const batch = await decodeBatch(items, 2, [4, 4, 3], notebookPreprocessing, reader)
    reader.dispose()
    expect(batch.skipped.map(({ image }) => image).toSorted()).toEqual([0, 1])
    expect(batch.skipped.find(({ image }) => image === 0)!.reason).toBe(
      'it cannot be read (the file is empty)',
    )
  })
})
