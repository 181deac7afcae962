/** Plain PNGs packed and filtered in every way, damaged in every way, and what is left to the browser. */
import { describe, expect, it } from 'vitest'
import { decodePng, decodesExactly } from '../../../../src/engine/images/decodePng.ts'
import { decodePlainPng } from '../../../../src/engine/images/png/plainPng.ts'
import plainPngs from '../../../fixtures/plain-pngs.json'
import { seeded } from '../../../fixtures/random.ts'
import { type colourTypes, deflated, latin, type PngPart, pngBytes, pngFile } from '../../pngFile.ts'

type Bytes = Uint8Array<ArrayBuffer>

function bytesOf(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

/** The RGBA of one pixel's samples. */
function pixelOf(kind: string, samples: readonly number[], palette: Uint8Array): readonly number[] {
  const [first = 0] = samples
  switch (kind) {
    case 'grey':
      return [first, first, first, 255]
    case 'greyWithAlpha':
      return [first, first, first, samples[1]!]
    case 'palette':
      return [...[0, 1, 2].map((band) => palette[3 * first + band] ?? 0), 255]
    default:
      return samples.length === 4 ? samples : [...samples, 255]
  }
}

async function bytesOfFile(file: Blob): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer())
}

/** A file with this in the place of its chunks of one kind; their checksums are right. */
function withContent(file: Bytes, kind: string, change: (content: Bytes) => Bytes): Bytes {
  return pngBytes(
    chunksOf(file).map((part) => (part.kind === kind ? { kind, content: change(part.content) } : part)),
  )
}

function chunksOf(file: Bytes): PngPart[] {
  const view = new DataView(file.buffer)
  const parts: PngPart[] = []
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const kind = String.fromCharCode(...file.subarray(at + 4, at + 8))
    parts.push({ kind, content: file.slice(at + 8, at + 8 + view.getUint32(at)) })
  }
  return parts
}

describe('a plain PNG', () => {
  it.each(plainPngs)('$name: its pixels, as the browser finds them', async (png) => {
    const { kind, width, height } = png
    const samples = bytesOf(png.samples)
    const palette = bytesOf(png.palette ?? '')
    const step = samples.length / (width * height)
    const expected = Array.from({ length: width * height }, (_, i) =>
      pixelOf(kind, [...samples.subarray(i * step, (i + 1) * step)], palette),
    )
    const found = decodePlainPng(bytesOf(png.file))
    expect(found).toMatchObject({ width, height })
    expect([...found!.data]).toEqual(expected.flat())
    // A number without a colour is an error to the browser, so openPicture fills the palette for it.
    if (kind !== 'palette' && (await decodesExactly()))
      expect([...(await decodePng(bytesOf(png.file)))!.data]).toEqual([...found!.data])
  })

  it('is decoded again with memory that others have left behind', () => {
    const [large, small] = [plainPngs.at(-1)!, plainPngs[3]!].map(({ file }) => bytesOf(file))
    const alone = decodePlainPng(small!)!.data
    decodePlainPng(large!)
    expect(decodePlainPng(small!)!.data).toEqual(alone)
  })

  it('may have anything behind its end', () => {
    const file = bytesOf(plainPngs[0]!.file)
    expect(decodePlainPng(Uint8Array.of(...file, 1, 2, 3))).toEqual(decodePlainPng(file))
  })
})

describe('a damaged PNG is left to the browser', () => {
  const damaged = plainPngs.filter(({ width, name }) => width === 13 || name.startsWith('grey 32'))

  it('wherever it is cut off', () => {
    for (const { file } of damaged) {
      const bytes = bytesOf(file)
      for (let length = 8; length < bytes.length; length++)
        expect(decodePlainPng(bytes.subarray(0, length))).toBeNull()
    }
  })

  it('if any bit is wrong', () => {
    for (const { file } of damaged) {
      const bytes = bytesOf(file)
      for (let bit = 64; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        expect(decodePlainPng(bytes), `bit ${bit}`).toBeNull()
        bytes[bit >> 3]! ^= 1 << (bit & 7)
      }
    }
  })

  it('if any bit of the packed pixels is wrong, and the checksum around them is that of the wrong ones', () => {
    // Whatever is packed wrongly, nothing is written outside of its place: the picture after it is right.
    const good = bytesOf(damaged[0]!.file)
    const expected = decodePlainPng(good)
    for (const { file } of damaged) {
      const bytes = bytesOf(file)
      const length = chunksOf(bytes).find(({ kind }) => kind === 'IDAT')!.content.length
      for (let bit = 0; bit < length * 8; bit++) {
        let isFirst = true
        const wrong = withContent(bytes, 'IDAT', (content) => {
          if (isFirst) content[bit >> 3]! ^= 1 << (bit & 7)
          isFirst = false
          return content
        })
        const found = decodePlainPng(wrong)
        // The bits that fill the last byte before a stored block mean nothing.
        if (found) expect(found).toEqual(decodePlainPng(bytes))
        expect(decodePlainPng(good)).toEqual(expected)
      }
    }
  })

  it('if it holds anything but packed pixels', () => {
    const random = seeded(7)
    const good = bytesOf(damaged[0]!.file)
    const expected = decodePlainPng(good)
    for (let i = 0; i < 2000; i++) {
      const noise = Uint8Array.from({ length: random.int(0, 300) }, () => random.int(0, 255))
      noise.set([0x78, 0x9c].slice(0, noise.length))
      // The last block, with codes of its own in most cases.
      if (noise.length > 2) noise[2] = (noise[2]! & ~7) | random.pick([1, 3, 5, 5, 5])
      const wrong = withContent(good, 'IDAT', () => noise)
      expect(decodePlainPng(wrong)).toBeNull()
    }
    expect(decodePlainPng(good)).toEqual(expected)
  })

  it.each([
    ['too few rows', async (rows: Bytes) => deflated(rows.subarray(0, -5) as Bytes)],
    ['too many', async (rows: Bytes) => deflated(Uint8Array.of(...rows, 0, 1, 2, 3, 4))],
    ['far too many', async () => deflated(new Uint8Array(1e6))],
    ['something behind them', async (rows: Bytes) => Uint8Array.of(...(await deflated(rows)), 0)],
    ['an unknown filter', async (rows: Bytes) => deflated(rows.with(5, 5) as Bytes)],
    [
      'a wrong checksum',
      async (rows: Bytes) =>
        (await deflated(rows)).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)),
    ],
  ])('if it holds %s', async (_, change) => {
    const rows = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]
    const file = await bytesOfFile(await pngFile(4, 'grey', rows))
    const content = await change(Uint8Array.from(rows.flatMap((row) => [0, ...row])))
    expect(decodePlainPng(file)).not.toBeNull()
    expect(decodePlainPng(withContent(file, 'IDAT', () => content))).toBeNull()
  })
})

describe('a PNG that is not plain is left to the browser', () => {
  const palette: PngPart = { kind: 'PLTE', content: Uint8Array.of(1, 2, 3) }
  it.each<[string, keyof typeof colourTypes, number[], PngPart[]]>([
    ['a transparent colour', 'grey', [1, 2], [{ kind: 'tRNS', content: Uint8Array.of(0, 1) }]],
    ['more than one picture', 'grey', [1, 2], [{ kind: 'acTL', content: new Uint8Array(8) }]],
    ['a palette that may not be there', 'grey', [1, 2], [palette]],
    ['no palette', 'palette', [0, 0], []],
    ['two palettes', 'palette', [0, 0], [palette, palette]],
    ['colours of an unknown space', 'grey', [1, 2], [{ kind: 'cICP', content: new Uint8Array(4) }]],
    ['a part that must be understood', 'grey', [1, 2], [{ kind: 'ABCD', content: latin('?') }]],
    ['two heads', 'grey', [1, 2], [{ kind: 'IHDR', content: new Uint8Array(13) }]],
  ])('with %s', async (_, colours, row, parts) => {
    expect(decodePlainPng(await bytesOfFile(await pngFile(2, colours, [row], parts)))).toBeNull()
  })

  it.each([
    ['16 bits', 8, 16],
    ['4 bits', 8, 4],
    ['interlaced rows', 12, 1],
    ['another way of packing', 10, 1],
    ['other filters', 11, 1],
    ['an unknown kind of colours', 9, 5],
    ['a width of 0', 3, 0],
    ['more rows than its bytes', 7, 2],
    ['too many pixels', 1, 0x20],
  ])('with %s', async (_, place, value) => {
    const file = await bytesOfFile(await pngFile(2, 'grey', [[1, 2]]))
    expect(decodePlainPng(file)).not.toBeNull()
    expect(decodePlainPng(withContent(file, 'IHDR', (head) => head.with(place, value) as Bytes))).toBeNull()
  })
})
