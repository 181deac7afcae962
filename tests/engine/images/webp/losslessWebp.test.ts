/** @file Lossless WebPs of all codings are decoded to the pixels that they were made of (tests/make/make_transparent_pictures.py). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLosslessWebp } from '../../../../src/engine/images/webp/losslessWebp.ts'
import { lossless } from '../../../fixtures/transparent-pictures.json'

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

/** The content of the only chunk, behind its head and that of the file. */
const chunks = lossless.map(({ file }) => bytesOf(file).subarray(20))

describe('decodeLosslessWebp', () => {
  it.each(lossless)('decodes $name', ({ file, width, height, rgba }) => {
    const found = decodeLosslessWebp(bytesOf(file).subarray(20))!
    expect([found.width, found.height]).toEqual([width, height])
    expect([...found.data]).toEqual([...bytesOf(rgba)])
  })

  it('has no picture of a file that ends too early', () => {
    for (const chunk of chunks) expect(decodeLosslessWebp(chunk.subarray(0, chunk.length * 0.8))).toBeNull()
  })

  it('has a picture of the size that is said, or none, of damaged files', () => {
    const damaged = fc.record({
      chunk: fc.constantFrom(...chunks),
      at: fc.nat(1e4),
      byte: fc.integer({ min: 1, max: 255 }),
    })
    fc.assert(
      fc.property(damaged, ({ chunk, at, byte }) => {
        const file = chunk.slice()
        // The size is behind the signature.
        file[5 + (at % (file.length - 5))]! ^= byte
        const found = decodeLosslessWebp(file)
        const size = new DataView(file.buffer).getUint32(1, true)
        if (found)
          expect([found.width, found.height]).toEqual([(size & 0x3fff) + 1, ((size >> 14) & 0x3fff) + 1])
      }),
      { numRuns: 2000, seed: 5 },
    )
  })
})
