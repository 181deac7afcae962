/** @file The size and the turns of pictures by the bytes that the formats' standards lay down. */
import { describe, expect, it } from 'vitest'
import { withSplices } from '../../../../src/engine/images/headers/pictureHeader.ts'
import { turnUpright } from '../../../../src/core/preprocessing/orientation.ts'
import { readHeader } from '../../../../src/engine/images/headers/readHeader.ts'
import { latin, pngFile } from '../../pngFile.ts'

type Part = string | readonly number[] | Uint8Array

function bytesOf(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? latin(part) : part)]))
}

const big = (value: number, bytes = 4): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256)
const little = (value: number, bytes = 4): number[] => big(value, bytes).toReversed()

/** An EXIF block with nothing but the orientation. */
function exif(orientation: number, order: 'II' | 'MM' = 'II'): Uint8Array<ArrayBuffer> {
  const number = order === 'II' ? little : big
  return bytesOf(order, number(42, 2), number(8), number(1, 2), [
    ...number(0x112, 2),
    ...number(3, 2),
    ...number(1),
    ...number(orientation, 2),
    0,
    0,
  ])
}

function jpeg(orientation: number, components: number, order: 'II' | 'MM' = 'II'): Uint8Array<ArrayBuffer> {
  const block = bytesOf('Exif\0\0', exif(orientation, order))
  return bytesOf(
    [0xff, 0xd8, 0xff, 0xe1, ...big(block.length + 2, 2)],
    block,
    // A table, which is no frame, and a byte of garbage.
    [0xff, 0xc4, 0, 3, 0, 7],
    [0xff, 0xc2, 0, 11, 8, ...big(300, 2), ...big(500, 2), components],
  )
}

function webp(...chunks: readonly (readonly [name: string, content: Uint8Array])[]): Uint8Array<ArrayBuffer> {
  const body = chunks.flatMap(([name, content]) => [
    ...bytesOf(name, little(content.length), content, content.length % 2 ? [0] : []),
  ])
  return bytesOf('RIFF', little(body.length + 4), 'WEBP', body)
}

const extended = (flags: number): Uint8Array =>
  bytesOf([flags, 0, 0, 0], little(640 - 1, 3), little(480 - 1, 3))

const box = (type: string, ...content: readonly Part[]): Uint8Array<ArrayBuffer> => {
  const body = bytesOf(...content)
  return bytesOf(big(8 + body.length), type, body)
}

const avifWith = (...turns: readonly Part[]): Uint8Array<ArrayBuffer> => avifOf('', ...turns)

/** `ipma` lists the properties of each item. */
const avifOf = (ipma: Part, ...turns: readonly Part[]): Uint8Array<ArrayBuffer> =>
  bytesOf(
    box('ftyp', 'avif', big(0), 'mif1'),
    box(
      'meta',
      big(0),
      box(
        'iprp',
        box('ipco', box('ispe', big(0), big(64), big(48)), box('ispe', big(0), big(640), big(480)), ...turns),
        ipma,
      ),
    ),
  )

const avif = avifWith(box('irot', [1]), box('imir', [0]))

function bmp(...header: readonly Part[]): Uint8Array<ArrayBuffer> {
  return bytesOf('BM', new Uint8Array(12), ...header, new Uint8Array(20))
}

function tiff(order: 'II' | 'MM', grey: number): Uint8Array<ArrayBuffer> {
  const number = order === 'II' ? little : big
  const tag = (name: number, value: number): number[] => [
    ...number(name, 2),
    ...number(3, 2),
    ...number(1),
    ...number(value, 2),
    0,
    0,
  ]
  return bytesOf(
    order,
    number(42, 2),
    number(8),
    number(4, 2),
    tag(256, 640),
    tag(257, 480),
    tag(262, grey),
    tag(274, 6),
  )
}

/** Two pictures, of which the second is larger than the table says. */
const icon = bytesOf(
  [0, 0, 1, 0, 2, 0],
  [16, 16, ...new Uint8Array(10), ...little(38)],
  [0, 0, ...new Uint8Array(10), ...little(78)],
  [...little(40), ...little(16), ...little(32), ...new Uint8Array(28)],
  bytesOf('\x89PNG\r\n\x1a\n', big(13), 'IHDR', big(512), big(400)),
)

describe('sizes', () => {
  it.each<[string, Uint8Array, object]>([
    ['JPEG', jpeg(1, 3), { kind: 'JPEG', width: 500, height: 300, isGrey: false }],
    ['grey JPEG', jpeg(1, 1), { kind: 'JPEG', width: 500, height: 300, isGrey: true }],
    [
      'lossy WebP',
      webp(['VP8 ', bytesOf([0, 0, 0, 0x9d, 1, 0x2a], little(640, 2), little(480, 2))]),
      { kind: 'WebP', width: 640, height: 480 },
    ],
    [
      'lossless WebP',
      webp(['VP8L', bytesOf([0x2f], little(639 + 479 * 2 ** 14), new Uint8Array(8))]),
      { kind: 'WebP', width: 640, height: 480 },
    ],
    ['extended WebP', webp(['VP8X', extended(0)]), { kind: 'WebP', width: 640, height: 480, orientation: 1 }],
    ['AVIF, of the largest of its items', avif, { kind: 'AVIF', width: 640, height: 480, orientation: 5 }],
    [
      'BMP with rows from the top',
      bmp(little(40), little(640), little(-480 >>> 0)),
      { kind: 'BMP', width: 640, height: 480 },
    ],
    ["OS/2's BMP", bmp(little(12), little(640, 2), little(480, 2)), { kind: 'BMP', width: 640, height: 480 }],
    ['an icon, of its largest picture', icon, { kind: 'ICO', width: 512, height: 400 }],
    ['TIFF', tiff('II', 2), { kind: 'TIFF', width: 640, height: 480, orientation: 6, isGrey: false }],
    [
      'TIFF with the high byte first',
      tiff('MM', 1),
      { kind: 'TIFF', width: 640, height: 480, orientation: 6, isGrey: true },
    ],
  ])('of %s', async (_, bytes, header) => {
    expect(await readHeader(bytes)).toMatchObject(header)
    expect(await readHeader(new Blob([Uint8Array.from(bytes)]))).toMatchObject(header)
  })
})

describe('turns', () => {
  it.each(['II', 'MM'] as const)('of a JPEG are taken away, with %s', async (order) => {
    const file = jpeg(6, 3, order)
    const header = await readHeader(file)
    expect(header.orientation).toBe(6)
    const upright = await withSplices(file, header.upright).bytes()
    expect(upright).toEqual(jpeg(1, 3, order))
  })

  it('of a WebP are taken away, and are ours to apply', async () => {
    const file = (orientation: number) =>
      webp(['VP8X', extended(8)], ['VP8 ', bytesOf([1, 2, 3])], ['EXIF', exif(orientation)])
    const header = await readHeader(file(8))
    expect(header).toMatchObject({ orientation: 8, isOwnTurn: true })
    expect(await withSplices(file(8), header.upright).bytes()).toEqual(file(1))
  })

  it('of a PNG are taken away with their chunk', async () => {
    const plain = await pngFile(1, 'grey', [[7]])
    const turned = await pngFile(1, 'grey', [[7]], [{ kind: 'eXIf', content: exif(3) }])
    const header = await readHeader(turned)
    expect(header).toMatchObject({ orientation: 3, isGrey: true })
    expect(await withSplices(turned, header.upright).bytes()).toEqual(await plain.bytes())
  })

  it.each([0, 1, 2, 3].flatMap((turns) => [null, 0, 1].map((axis) => [turns, axis] as const)))(
    'of an AVIF are EXIF’s: %s quarters to the left, then mirrored over axis %s',
    async (turns, axis) => {
      const { orientation } = await readHeader(
        avifWith(
          ...(turns > 0 ? [box('irot', [turns])] : []),
          ...(axis === null ? [] : [box('imir', [axis])]),
        ),
      )
      let rows = [
        [1, 2, 3],
        [4, 5, 6],
      ]
      const pixels = { width: 3, height: 2, data: new Uint8Array(Uint32Array.from(rows.flat()).buffer) }
      // Columns from the right become rows from the top.
      for (let i = 0; i < turns; i++) rows = rows[0]!.map((_, x) => rows.map((row) => row.at(-1 - x)!))
      if (axis === 0) rows.reverse()
      if (axis === 1) for (const row of rows) row.reverse()
      const turned = turnUpright(pixels, orientation)
      expect([turned.width, turned.height]).toEqual([rows[0]!.length, rows.length])
      expect(Array.from(turned.data).filter((_, i) => i % 4 === 0)).toEqual(rows.flat())
    },
  )

  it.each([
    ['of one byte', 0, [1, 0x83, 0x84], [1, 0, 0]],
    ['of two bytes, of items with long numbers', 1, [0, 1, 0x80, 3, 0x80, 4], [0, 1, 0, 0, 0, 0]],
  ])('of an AVIF are no properties of its items any more: numbers %s', async (_, isLong, listed, left) => {
    const ipma = (numbers: readonly number[]): Uint8Array =>
      box(
        'ipma',
        [isLong, 0, 0, isLong],
        big(2),
        ...[1, 2].map((item) => [...big(item, isLong ? 4 : 2), 3, ...numbers]),
      )
    const file = (numbers: readonly number[]): Uint8Array<ArrayBuffer> =>
      avifOf(ipma(numbers), box('irot', [1]), box('imir', [0]))
    const { orientation, upright } = await readHeader(file(listed))
    expect(orientation).toBe(5)
    expect(await withSplices(file(listed), upright).bytes()).toEqual(file(left))
  })

  it.each(['', big(9), [...big(9), 0, 1], [...big(1), 0, 1, 9, 0x83]])(
    'of an AVIF are read, however its list of properties ends',
    async (rest) => {
      const file = avifOf(box('ipma', big(0), rest), box('irot', [1]))
      expect(await readHeader(file)).toMatchObject({ orientation: 8 })
    },
  )

  it('that EXIF does not know are none', async () => {
    expect(await readHeader(jpeg(9, 3))).toMatchObject({ orientation: 1, upright: [] })
  })
})

it.each<[string, Uint8Array]>([
  ['a JPEG that ends before its frame', jpeg(1, 3).slice(0, 20)],
  ['a JPEG whose pixels begin without a frame', bytesOf([0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0])],
  ['a WebP without pixels', bytesOf('RIFF', little(4), 'WEBP')],
  ['an AVIF without sizes', bytesOf(box('ftyp', 'avif', big(0)), box('meta', big(0)))],
  ['a TIFF without sizes', bytesOf('II', little(42, 2), little(8), little(0, 2))],
  ['a BMP of no width', bmp(little(40), little(0), little(480))],
])('refuses %s', async (_, bytes) => {
  await expect(readHeader(bytes)).rejects.toMatchObject({ code: 'images/undecodable' })
})
