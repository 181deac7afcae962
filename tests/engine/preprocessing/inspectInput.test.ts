import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import type { Gallery } from '../../../src/engine/gallery.ts'
import { spawnGallery, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import { halves, pixelAt } from '../bitmaps.ts'
import { fixtureFile } from '../fixtureFiles.ts'

let gallery: WorkerHandle<Gallery>
beforeEach(() => {
  gallery = spawnGallery()
})
afterEach(() => gallery.terminate())

/** A picture whose left half is (200, 100, 0) and whose right half is (0, 100, 200). */
const twoColours = (width: number, height: number): Promise<Blob> =>
  halves(width, height, 'rgb(200 100 0)', 'rgb(0 100 200)')

describe('what the network sees', () => {
  it('is the numbers of a scan, and the picture made of them', async () => {
    const handle = await twoColours(16, 8)
    const found = await gallery.remote.inspectInput(handle, [8, 16, 3], withSettings({ preset: 'caffe' }))
    expect([found.width, found.height]).toEqual([16, 8])
    const [blue, green, red] = found.statistics.channels
    expect([blue!.min, blue!.max].map((value) => value.toFixed(3))).toEqual(['-103.939', '96.061'])
    expect([green!.min, green!.max].map((value) => value.toFixed(3))).toEqual(['-16.779', '-16.779'])
    expect([red!.mean, red!.std].map((value) => value.toFixed(3))).toEqual(['-23.680', '100.000'])
    expect(pixelAt(found.picture, 2, 2)).toEqual([200, 100, 0, 255])
    // Blue comes first, so orange becomes blue. The lowest value, −123.68, is black; the highest, 96.061, is white.
    const [first, , third] = pixelAt(found.input, 2, 2)
    expect(first!).toBeLessThan(30)
    expect(third!).toBeGreaterThan(220)
  })

  it('is drawn small of a large picture, whose size is told, without its transparency', async () => {
    const large = await gallery.remote.inspectInput(
      await twoColours(1440, 100),
      [8, 8, 1],
      notebookPreprocessing,
    )
    expect([large.width, large.height, large.picture.width, large.picture.height]).toEqual([
      1440, 100, 720, 50,
    ])
    expect(pixelAt(large.input, 0, 0)).toEqual([255, 255, 255, 255])
    const clear = await gallery.remote.inspectInput(
      await fixtureFile('green/alpha.png'),
      [8, 8, 3],
      notebookPreprocessing,
    )
    expect(pixelAt(clear.picture, 0, 0)[3]).toBe(255)
  })

  it('has numbers of several images together, and counts those that cannot be read', async () => {
    const handles = [await twoColours(8, 8), await fixtureFile('red/broken.png'), await twoColours(4, 4)]
    const { images, skipped, low, high, channels } = await gallery.remote.sampleInput(
      handles,
      [8, 8, 3],
      notebookPreprocessing,
    )
    expect([images, skipped, low, high]).toEqual([2, 1, 0, 1])
    expect(channels.map(({ mean }) => mean.toFixed(3))).toEqual(['0.392', '0.392', '0.392'])
    expect(channels[0]!.histogram.reduce((sum, count) => sum + count, 0)).toBe(2 * 64)
  })

  it('says why it cannot be seen', async () => {
    const broken = await fixtureFile('red/broken.png')
    await expect(gallery.remote.inspectInput(broken, [8, 8, 3], notebookPreprocessing)).rejects.toThrow()
    await expect(
      gallery.remote.inspectInput(await twoColours(4, 4), [8, 8, 1], withSettings({ preset: 'torch' })),
    ).rejects.toMatchObject({ code: 'setting/channels' })
  })
})
