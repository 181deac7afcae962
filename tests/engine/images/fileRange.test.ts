/** @file Many small files are read at once, and PNGs are decoded from bytes in memory. */
import { describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { decodePng } from '../../../src/engine/images/decodePng.ts'
import { inGroups, readRange, readRanges } from '../../../src/engine/images/fileRange.ts'
import type { ImageHandle } from '../../../src/engine/images/imageHandle.ts'
import { fixtureFile } from '../fixtureFiles.ts'

const bytes = (...values: number[]): Blob => new Blob([Uint8Array.from(values)])

describe('readRanges', () => {
  it('reads files, and the places of others inside of files, each by itself', async () => {
    const archive = bytes(0, 1, 2, 3, 4, 5, 6)
    const stored = { kind: 'archived', archive, method: 'stored', offset: 2, packed: 3, bytes: 3 } as const
    const raw = {
      kind: 'raw',
      file: archive,
      offset: 5,
      width: 2,
      height: 1,
      channels: 1,
      layout: 'planar',
    } as const
    const ranges = await readRanges([bytes(9, 8), 'an/address.png', stored, bytes(), raw])
    expect(ranges.map((range) => range && [...range])).toEqual([[9, 8], null, [2, 3, 4], null, [5, 6]])
  })

  it('reads what lies close together in one archive as one part of it, and the same file once', async () => {
    const sliced: [number, number][] = []
    const content = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251)
    const archive = new Blob([content])
    archive.slice = (start, end) => {
      sliced.push([start!, end!])
      return Blob.prototype.slice.call(archive, start, end)
    }
    const at = (offset: number, packed: number): ImageHandle =>
      ({ kind: 'archived', archive, method: 'stored', offset, packed, bytes: packed }) as const
    const handles = [at(900, 50), at(100, 20), at(190_000, 9), at(940, 30), at(100, 20)]
    const ranges = await readRanges(handles)
    expect(ranges).toEqual([
      content.subarray(900, 950),
      content.subarray(100, 120),
      content.subarray(190_000, 190_009),
      content.subarray(940, 970),
      content.subarray(100, 120),
    ])
    expect(sliced).toEqual([
      [100, 970],
      [190_000, 190_009],
    ])
  })

  it('takes more of a zip than an entry has bytes, for its header is of unknown length', async () => {
    const archive = new Blob([new Uint8Array(5000)])
    const zip = { kind: 'archived', archive, method: 'zip', offset: 10, packed: 3, bytes: 3 } as const
    expect((await readRange(zip))!.length).toBe(3 + 1024)
  })

  it('leaves large files to the decoders', async () => {
    const large = new Blob([new Uint8Array(2 ** 20 + 1)])
    expect(await readRanges([large, bytes(1)])).toEqual([null, Uint8Array.of(1)])
  })

  it('leaves all of them where one cannot be read, so that each tells for itself', async () => {
    // The browser's Blob is made to fail, because a file that cannot be read is noticed there.
    const original = Blob.prototype.arrayBuffer
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'))
    try {
      expect(await readRanges([bytes(1), bytes(2)])).toEqual([null, null])
    } finally {
      Blob.prototype.arrayBuffer = original
    }
  })
})

describe('inGroups', () => {
  it('puts as many together as are held at a time, in their order', () => {
    const items = [400_000, 400_000, 400_000, 3e6, 100].map((size, image) => ({
      image,
      handle: new Blob([new Uint8Array(size)]) as ImageHandle,
    }))
    // The large file is not held in memory, so it takes no room.
    expect(inGroups(items).map((group) => group.map(({ image }) => image))).toEqual([
      [0, 1],
      [2, 3, 4],
    ])
    expect(inGroups([])).toEqual([])
  })
})

describe('decodePng', () => {
  const file = async (name: Parameters<typeof fixtureFile>[0]) =>
    new Uint8Array(await (await fixtureFile(name)).arrayBuffer())

  it.runIf(server.browser === 'chromium')(
    'is exact in Chromium, so that it is used, also for grey and transparent pictures',
    async () => {
      for (const name of ['red/00.png', 'blue/gray.png', 'green/alpha.png'] as const)
        expect(await decodePng(await file(name))).not.toBeNull()
    },
  )

  it('has no answer to what is damaged', async () => {
    const whole = await file('red/00.png')
    expect(await decodePng(whole.slice(0, whole.length - 30))).toBeNull()
    expect(await decodePng(Uint8Array.of(1, 2, 3))).toBeNull()
  })
})
