/**
 * PNGs of all kinds by the decoder for browsers that cannot give back what is in the file: by the formula, and as Chromium has them.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decodePng, decodesExactly } from '../../../../src/engine/images/decodePng.ts'
import { decodeAnyPng } from '../../../../src/engine/images/png/anyPng.ts'
import { crc32 } from '../../../../src/engine/archives/crc32.ts'
import { seeded } from '../../../fixtures/random.ts'
import { type colourTypes, deflated, pngBytes, pngFile, type PngPart } from '../../pngFile.ts'

const width = 5
const channelsOf = { grey: 1, colour: 3, palette: 1, greyWithAlpha: 2 } as const
type Kind = keyof typeof colourTypes

/** A picture of random bytes, whose rows end within a byte if samples have fewer than eight bits. */
async function pictureOf(kind: Kind, bits: number, parts: readonly PngPart[] = []) {
  const random = seeded(bits + kind.length)
  const perRow = Math.ceil((width * channelsOf[kind] * bits) / 8)
  const rows = Array.from({ length: 4 }, () => Array.from({ length: perRow }, () => random.int(0, 255)))
  const file = new Uint8Array(await (await pngFile(width, kind, rows, parts, bits)).arrayBuffer())
  /** Sample `at` of a row, from its bits one by one. */
  const sample = (row: readonly number[], at: number): number =>
    Array.from({ length: bits }, (_, i) => at * bits + i).reduce(
      (value, bit) => 2 * value + ((row[bit >> 3]! >> (7 - (bit & 7))) & 1),
      0,
    )
  const pixels = rows.flatMap((row) =>
    Array.from({ length: width }, (_, x) =>
      Array.from({ length: channelsOf[kind] }, (__, c) => sample(row, x * channelsOf[kind] + c)),
    ),
  )
  return { file, pixels }
}

const colours = [10, 20, 30, 40, 50, 60]
const palette: PngPart = { kind: 'PLTE', content: Uint8Array.from(colours) }
const oneIsHalf: PngPart = { kind: 'tRNS', content: Uint8Array.of(128) }

describe('decodeAnyPng', () => {
  it.each([
    ['grey', 1],
    ['grey', 2],
    ['grey', 4],
    ['grey', 8],
    ['grey', 16],
    ['greyWithAlpha', 8],
    ['greyWithAlpha', 16],
    ['colour', 8],
    ['colour', 16],
  ] as const)('reads %s of %i bits', async (kind, bits) => {
    const { file, pixels } = await pictureOf(kind, bits)
    const byte = (value: number): number =>
      bits === 16 ? Math.floor(value / 256) : (value * 255) / (2 ** bits - 1)
    const expected = pixels.flatMap((samples) => {
      const [first, second, third] = samples.map(byte)
      if (kind === 'colour') return [first!, second!, third!, 255]
      return [first!, first!, first!, second ?? 255]
    })
    const found = (await decodeAnyPng(file))!
    expect([...found.data]).toEqual(expected)
    if (await decodesExactly()) expect([...(await decodePng(file))!.data]).toEqual(expected)
  })

  it.each([1, 2, 4, 8])('reads a palette of %i bits with transparency; black has no number', async (bits) => {
    const { file, pixels } = await pictureOf('palette', bits, [palette, oneIsHalf])
    const expected = pixels.flatMap(([number]) =>
      number! > 1
        ? [0, 0, 0, 255]
        : [...colours.slice(3 * number!, 3 * number! + 3), number === 0 ? 128 : 255],
    )
    expect([...(await decodeAnyPng(file))!.data]).toEqual(expected)
  })

  it('makes the colour that the file calls transparent clear, and keeps it', async () => {
    const { pixels } = await pictureOf('grey', 8)
    const clear: PngPart = { kind: 'tRNS', content: Uint8Array.of(0, pixels[0]![0]!) }
    const { file } = await pictureOf('grey', 8, [clear])
    const found = (await decodeAnyPng(file))!
    expect([...found.data.subarray(0, 4)]).toEqual([...Array(3).fill(pixels[0]![0]), 0])
    if (await decodesExactly()) expect([...found.data]).toEqual([...(await decodePng(file))!.data])
  })

  it('refuses files that are cut off anywhere, or not what their checksums say', async () => {
    const { file } = await pictureOf('grey', 8)
    const refused = expect.objectContaining({ code: 'images/undecodable' })
    for (let length = 33; length < file.length; length++)
      await expect(decodeAnyPng(file.subarray(0, length)), `${length} bytes`).rejects.toEqual(refused)
    const damaged = file.slice()
    damaged[file.length - 20]! ^= 1
    await expect(decodeAnyPng(damaged)).rejects.toEqual(refused)
  })

  it('never looks at a colour profile, which may be of any length', async () => {
    const profile: PngPart = { kind: 'iCCP', content: Uint8Array.of(1, 2, 3) }
    const { file, pixels } = await pictureOf('grey', 8, [profile])
    const found = (await decodeAnyPng(file))!
    expect([...found.data]).toEqual(pixels.flatMap(([grey]) => [grey!, grey!, grey!, 255]))
  })

  it('refuses pixels that would take all memory when they are unpacked', async () => {
    const { file } = await pictureOf('grey', 8)
    const bomb = pngBytes([
      { kind: 'IHDR', content: file.slice(16, 29) },
      { kind: 'IDAT', content: await deflated(new Uint8Array(320 * 2 ** 20)) },
      { kind: 'IEND', content: new Uint8Array(0) },
    ])
    expect(bomb.length).toBeLessThan(2 ** 19)
    const refused = expect.objectContaining({ code: 'images/undecodable' })
    await expect(decodeAnyPng(bomb)).rejects.toEqual(refused)
  })

  it('leaves what it does not know to the browser', async () => {
    const { file } = await pictureOf('grey', 4)
    const interlaced = file.slice()
    interlaced[28] = 1
    const head = new DataView(interlaced.buffer)
    head.setUint32(29, crc32(interlaced.subarray(12, 29)))
    expect(await decodeAnyPng(interlaced)).toBeNull()
  })
})

describe('a browser without ImageDecoder and WebGL', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.mocked(OffscreenCanvas.prototype.getContext).mockRestore()
    vi.resetModules()
  })

  it.each([undefined, null])('decodes PNGs with transparency (range: %s)', async (range) => {
    vi.stubGlobal('ImageDecoder', undefined)
    vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockImplementation(function (
      this: OffscreenCanvas,
      kind: string,
    ) {
      return kind === '2d' ? context2d.call(this, '2d', { willReadFrequently: true }) : null
    } as never)
    vi.resetModules()
    const { PixelReader, usingPixels } = await import('../../../../src/engine/images/decodeImage.ts')
    const { file } = await pictureOf('palette', 8, [palette, oneIsHalf])
    const reader = new PixelReader()
    const read = usingPixels(new Blob([file]), 'ignore', reader, ({ data }) => [...data], range)
    expect(await read).toEqual([...(await decodeAnyPng(file))!.data])
  })
})

const context2d = OffscreenCanvas.prototype.getContext as (kind: '2d', options: object) => unknown
