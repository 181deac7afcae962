/** @file What is known of a picture before it is decoded: its size, or why it is skipped. */
import { describe, expect, it } from 'vitest'
import { decodeBatch } from '../../../src/engine/images/decodeBatch.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { readHeader } from '../../../src/engine/images/headers/readHeader.ts'
import { maxPixels, openPicture } from '../../../src/engine/images/openPicture.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'

function fileOf(...parts: (string | number[])[]): Blob {
  const bytes = parts.flatMap((part) =>
    typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part,
  )
  return new Blob([Uint8Array.from(bytes)])
}

const big = (value: number): number[] => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]

/** A PNG with only its first chunk. */
function pngOf(width: number, height: number): Blob {
  return fileOf('\x89PNG\r\n\x1a\n', big(13), 'IHDR', big(width), big(height), [8, 2, 0, 0, 0], big(0))
}

const reasons: readonly (readonly [string, Blob, string])[] = [
  [
    'HEIC',
    fileOf(big(24), 'ftypheic', big(0), 'mif1heic'),
    'a HEIC photo, which browsers cannot decode; convert',
  ],
  ['JPEG 2000', fileOf(big(12), 'jP  \r\n\x87\n'), 'a JPEG 2000 picture'],
  ['JPEG XL', fileOf([0xff, 0x0a, 0, 0]), 'a JPEG XL picture'],
  [
    'SVG',
    fileOf('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'an SVG drawing',
  ],
  ['Photoshop', fileOf('8BPS\0\x01'), 'a Photoshop file'],
  ['Canon raw', fileOf('II*\0\x10\0\0\0CR\x02\0'), "a camera's raw photo"],
  ['DICOM', fileOf('\0'.repeat(128), 'DICM'), 'a DICOM file'],
  ['PDF', fileOf('%PDF-1.7'), 'a PDF file'],
  ['a web page', fileOf('\n<!DOCTYPE html><html>'), 'a web page that was saved instead'],
  ['a pointer of Git LFS', fileOf('version https://git-lfs.github.com/spec/v1'), 'run git lfs pull'],
  ['a film', fileOf(big(24), 'ftypisom', big(0), 'isomavc1'), 'a video'],
  ['text', fileOf('hello'), 'no picture of a known format'],
  ['nothing', new Blob([]), 'the file is empty'],
]

describe('openPicture', () => {
  it.each(reasons)('says of %s what it is', async (_, file, reason) => {
    await expect(openPicture(file, null)).rejects.toThrow(reason)
  })

  it('reads sizes without the pixels', async () => {
    expect(await readHeader(pngOf(640, 480))).toMatchObject({ kind: 'PNG', width: 640, height: 480 })
    const jpeg = fileOf(
      [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff],
      '\0'.repeat(0xfffd),
      [0xff, 0xc2, 0, 11, 8, 1, 2, 3, 4],
    )
    expect(await readHeader(jpeg)).toMatchObject({ kind: 'JPEG', height: 0x102, width: 0x304 })
    const gif = fileOf('GIF89a', [44, 1, 200, 0])
    expect(await readHeader(gif)).toMatchObject({ kind: 'GIF', width: 300, height: 200 })
  })

  it('refuses what is larger than Pillow opens, by its header alone', async () => {
    await expect(openPicture(pngOf(20_000, 14_000), null)).rejects.toMatchObject({
      code: 'images/too-large',
      message: expect.stringMatching(/^20,000×14,000 pixels, more than the 178,956,970/),
    })
    expect((await openPicture(pngOf(maxPixels, 1), null)).pixels).toBe(maxPixels)
  })
})

describe('handles into files', () => {
  const read = async (handle: Parameters<typeof openPicture>[0], width: number, height: number) => {
    const reader = new PixelReader()
    const settings = { ...notebookPreprocessing, scale: '0..255' } as const
    const batch = await decodeBatch([{ image: 0, handle }], 1, [height, width, 3], settings, reader)
    reader.dispose()
    return batch
  }

  it('reads planes of a dataset file, and grey thrice', async () => {
    const file = new Blob([Uint8Array.of(9, 9, 1, 2, 3, 4, 5, 6)])
    const colour = {
      kind: 'raw',
      file,
      offset: 2,
      width: 2,
      height: 1,
      channels: 3,
      layout: 'planar',
    } as const
    expect([...(await read(colour, 2, 1)).data]).toEqual([1, 3, 5, 2, 4, 6])
    expect([...(await read({ ...colour, layout: 'interleaved' }, 2, 1)).data]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...(await read({ ...colour, channels: 1 }, 2, 1)).data]).toEqual([1, 1, 1, 2, 2, 2])
    const cut = await read({ ...colour, offset: 3 }, 2, 1)
    expect(cut.skipped[0]!.reason).toContain('the dataset file is cut off')
  })

  it('finds a picture in an archive, stored and deflated, and refuses bombs', async () => {
    const canvas = new OffscreenCanvas(3, 2)
    const context = canvas.getContext('2d')!
    context.fillStyle = 'rgb(10 20 30)'
    context.fillRect(0, 0, 3, 2)
    const png = await canvas.convertToBlob()
    const deflated = await new Response(png.stream().pipeThrough(new CompressionStream('deflate-raw'))).blob()
    const little = (value: number, bytes: number) =>
      Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255)
    // The name and the extra field are longer than the reader knows beforehand.
    const local = fileOf('PK\x03\x04', little(0, 22), little(5, 2), little(3, 2), 'a.pngxyz')
    const archive = new Blob(['rubbish', local, deflated, png])
    const zip = { kind: 'archived', archive, method: 'zip', offset: 7, packed: deflated.size } as const
    const expected = Array.from({ length: 6 }, () => [10, 20, 30]).flat()
    expect([...(await read({ ...zip, bytes: png.size, compression: 8 }, 3, 2)).data]).toEqual(expected)
    const stored = { kind: 'archived', archive, method: 'stored', packed: png.size, bytes: png.size } as const
    const at = archive.size - png.size
    expect([...(await read({ ...stored, offset: at }, 3, 2)).data]).toEqual(expected)
    const reasonOf = async (bytes: number) =>
      (await read({ ...zip, bytes, compression: 8 }, 3, 2)).skipped[0]!.reason
    expect(await reasonOf(png.size - 1)).toContain('unpacks to more than the archive says')
    expect(await reasonOf(png.size + 1)).toContain('unpacks to less than the archive says')
    expect(await reasonOf(2 ** 30)).toContain('1,073,741,824 bytes, more than a picture takes')
    expect((await read({ ...stored, offset: at + 1 }, 3, 2)).skipped[0]!.reason).toContain('cut off')
  })
})
