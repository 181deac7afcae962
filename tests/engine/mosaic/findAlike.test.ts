/** @file Real files of one picture are found to be alike, and others are not: those of the kit's odd images. */
import { expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { FoundEntry } from '../../../src/core/scan/foundEntry.ts'
import type { ReadableResult } from '../../../src/core/scan/statistics/statistic.ts'
import { Gallery } from '../../../src/engine/gallery.ts'
import { alikeShares, distinctTop, keepAlikeShare, shownTop } from '../../../src/state/mosaic/alike.ts'
import { findAlike } from '../../../src/state/mosaic/findAlike.ts'
import type { GalleryClient } from '../../../src/state/workers/galleryClient.ts'
import { kitFile, kitText } from '../kitFiles.ts'

/** Each line has files of one picture: other formats, qualities, orientations, and the same file twice. */
const pictures = [
  ['hopper.avif', 'exif-orient6.webp', 'jpeg-16bit-qtables.jpg'],
  ['gray.jpg', 'jpeg-named.png'],
  ['exif-portrait-2.jpg', 'exif-portrait-7.jpg'],
  ['exif-landscape-1.jpg', 'exif-landscape-6.jpg'],
  ['arithmetic.jpg', 'jpeg-baseline-islow.jpg'],
  ['cmyk-icc.jpg'],
  ['animated.gif'],
  ['jpeg-ff00-header.jpg'],
]

const manifest = await kitText('odd-images/manifest.tsv')
if (manifest === null) console.log('The kit is not there: files of one picture are not compared.')

/** One file of each picture, then another one of each. */
const names = [0, 1, 2].flatMap((round) => pictures.flatMap((files) => files.slice(round, round + 1)))
const size = 96

function entryOf(image: number): FoundEntry {
  const place = { unit: [0, 0], box: [0, 0, size, size] } as const
  return { image, activation: 100 - image, position: 0, place }
}

// Other browsers decode or shrink one or two of them otherwise, so that they are not alike enough.
it.skipIf(manifest === null || server.browser !== 'chromium')(
  'finds the files of one picture, whatever their format',
  async () => {
    const gallery = new Gallery()
    const opened = await Promise.all(names.map((name) => kitFile(`odd-images/${name}`)))
    gallery.addImages(opened.map(({ file }, image) => [image, file] as const))
    let drawn = 0
    const client: Pick<GalleryClient, 'mosaic'> = {
      async mosaic(patches, framing, layout) {
        drawn++
        const answer = await gallery.mosaic(patches, framing, layout)
        if ('unknown' in answer) throw new Error(`unknown: ${answer.unknown.join()}`)
        return answer.bitmap
      },
    }
    const entries = names.map((_, image) => entryOf(image))
    const top = (_: number, k: number): FoundEntry[] => entries.slice(0, k)
    const result = { top, channels: 1 } as unknown as ReadableResult
    const sources = {
      images: {} as never,
      inputShape: [size, size, 3] as const,
      preprocessing: { ...notebookPreprocessing, orientation: 'apply' } as const,
      toEdge: true,
    }
    const find = (): Promise<void> =>
      findAlike({
        gallery: client,
        sources,
        model: null,
        layer: 'conv',
        result,
        channel: 0,
      })
    expect(distinctTop(result, 0, 100)).toBeNull()
    expect(shownTop(result, 0, 3, true)).toEqual(entries.slice(0, 3))
    await find()
    const found = distinctTop(result, 0, 100)!
    expect(
      found.map(({ entry, alike }) => [entry, ...alike].map(({ image }) => names[image]!).toSorted()),
    ).toEqual(pictures.map((files) => files.toSorted()))
    expect(shownTop(result, 0, 100, true)).toHaveLength(pictures.length)
    expect(shownTop(result, 0, 100, false)).toHaveLength(names.length)
    // Of all, and of the best: those of a second round that are there among them look like one before.
    for (const k of [100, pictures.length + 3]) {
      keepAlikeShare(result, 0, k)
      const count = Math.min(k, names.length)
      expect(alikeShares(result, k)[0]).toBe((count - pictures.length) / count)
    }
    // It is found once, and again when there is another patch.
    await find()
    expect(drawn).toBe(1)
    entries.pop()
    expect(distinctTop(result, 0, 100)).toBeNull()
    await find()
    expect(drawn).toBe(2)
    expect(distinctTop(result, 0, 100)!.flatMap(({ alike }) => alike)).toHaveLength(
      names.length - 1 - pictures.length,
    )
  },
)
