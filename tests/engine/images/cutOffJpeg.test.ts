/** JPEGs that are cut off are refused in every browser, also in those that would show what is left. */
import { describe, expect, it } from 'vitest'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import pictures from '../../fixtures/pictures.json'

const whole = Uint8Array.from(atob(pictures.decoded.find(({ name }) => name === 'turned-1.jpg')!.file), (c) =>
  c.charCodeAt(0),
)
/** A segment that holds the mark of the end, as one with a small picture does. */
const withEndInside = Uint8Array.of(0xff, 0xfe, 0, 6, 1, 0xff, 0xd9, 2)
const scan = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0xda)
const segmented = [whole.subarray(0, scan), withEndInside, whole.subarray(scan)]

async function sizeOf(...parts: readonly Uint8Array[]): Promise<readonly number[]> {
  const reader = new PixelReader()
  const file = new Blob(parts as Uint8Array<ArrayBuffer>[])
  try {
    return await usingPixels(file, 'ignore', reader, ({ width, height }) => [width, height], null)
  } finally {
    reader.dispose()
  }
}

describe('a JPEG', () => {
  it.each([0.85, 0.95])('of which there is %f is refused', async (share) => {
    const refused = { code: 'images/undecodable' }
    await expect(sizeOf(whole.subarray(0, whole.length * share))).rejects.toMatchObject(refused)
    const [start, inside, rest] = segmented
    await expect(sizeOf(start!, inside!, rest!.subarray(0, rest!.length * share))).rejects.toMatchObject(
      refused,
    )
  })

  it('is whole with anything behind its end, however long', async () => {
    expect(await sizeOf(...segmented)).toEqual([24, 16])
    for (const more of [1, 1000, 200_000])
      expect(await sizeOf(whole, new Uint8Array(more)), `${more} bytes`).toEqual([24, 16])
  })
})
