/** Archives that unpack to more than there is room for: what is unpacked, and what lies in memory of it, counted in bytes. */
import { afterEach, expect, it, vi } from 'vitest'
import { messageOf } from '../../../src/core/errors.ts'
import { listArchive } from '../../../src/engine/archives/listArchive.ts'
import { readArchived } from '../../../src/engine/images/archivedFile.ts'
import type { ArchivedFile } from '../../../src/engine/images/imageHandle.ts'
import { openPicture } from '../../../src/engine/images/openPicture.ts'
import { zipOf } from '../../fixtures/archives.ts'

afterEach(() => vi.unstubAllGlobals())

/** Counts what comes out of streams that unpack. */
function countUnpacked(): { bytes: number } {
  const counts = { bytes: 0 }
  const Real = DecompressionStream
  vi.stubGlobal(
    'DecompressionStream',
    class {
      readonly readable: ReadableStream<Uint8Array>
      readonly writable: WritableStream<BufferSource>

      constructor(format: CompressionFormat) {
        const real = new Real(format)
        const count = new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            counts.bytes += chunk.length
            controller.enqueue(chunk)
          },
        })
        this.writable = real.writable
        this.readable = real.readable.pipeThrough(count)
      }
    },
  )
  return counts
}

/** The most bytes that were in memory when they became a blob. */
function countInBlobs(): { most: number } {
  const counts = { most: 0 }
  const Real = Blob
  vi.stubGlobal(
    'Blob',
    class extends Real {
      static override [Symbol.hasInstance](one: unknown): boolean {
        return one instanceof Real
      }

      constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
        super(parts, options)
        const bytes = parts.map((part) => (part instanceof Uint8Array ? part.length : 0))
        counts.most = Math.max(
          counts.most,
          bytes.reduce((sum, one) => sum + one, 0),
        )
      }
    },
  )
  return counts
}

/** A stream of deflate (RFC 1951) that is one zero and so many times the 258 bytes before, in 13 bits each. */
function zeros(times: number): Uint8Array<ArrayBuffer> {
  const [lastBlock, zero, match] = ['110', '00110000', '1100010100000']
  const start = lastBlock + zero
  const end = start.length + match.length * times
  // Seven zeros end it.
  const bytes = new Uint8Array(Math.ceil((end + 7) / 8))
  for (const [i, bit] of [...(start + match.repeat(16))].entries())
    if (bit === '1' && i < end) bytes[i >> 3]! |= 1 << (i & 7)
  // Eight of them are 13 bytes, which repeat from the third byte on.
  for (let i = 2 + 13; i < bytes.length; i++) bytes[i] = bytes[i - 13]!
  for (let i = end; i < 8 * bytes.length; i++) bytes[i >> 3]! &= ~(1 << (i & 7))
  return bytes
}

async function filesOf(archive: Blob): Promise<ArchivedFile[]> {
  const { offsets, packed, bytes, compression, method } = await listArchive(archive, 'a.zip', null)
  return [...offsets].map((offset, i) => ({
    kind: 'archived',
    archive,
    method,
    offset,
    packed: packed[i]!,
    bytes: bytes[i]!,
    compression: compression[i]!,
  }))
}

it('of 10 GB of zeros it unpacks the beginnings', async () => {
  const times = 1_900_000
  const names = Array.from({ length: 21 }, (_, i) => `cat/${i}.png`)
  const archive = await zipOf(Object.fromEntries(names.map((name) => [name, ''])), {
    deflate: true,
    packed: zeros(times),
    unpacked: 1 + 258 * times,
  })
  const files = await filesOf(archive)
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(10e9)
  const unpacked = countUnpacked()
  for (const file of files)
    expect(await openPicture(file, null).catch(messageOf)).toMatch(/^no picture of a known format/)
  expect(unpacked.bytes).toBeGreaterThan(0)
  expect(unpacked.bytes).toBeLessThan(files.length * 2 ** 20)
})

it('of a file that begins as a picture it holds 16 MB in memory', async () => {
  const content = new Uint8Array(50_000_000)
  content.set([0x89, ...new TextEncoder().encode('PNG\r\n\x1a\n')])
  content[content.length - 1] = 7
  const [file] = await filesOf(await zipOf({ 'cat/1.png': content }, { deflate: true }))
  const blobs = countInBlobs()
  const found = (await readArchived(file!, null)) as Blob
  expect(found.size).toBe(content.length)
  expect(new Uint8Array(await found.slice(-2).arrayBuffer())).toEqual(Uint8Array.of(0, 7))
  expect(blobs.most).toBeGreaterThan(1e6)
  expect(blobs.most).toBeLessThan(17 * 2 ** 20)
})
