/** @file Strips of TIFFs are unpacked no further than they have pixels, and refused where they are damaged. */
import { describe, expect, it } from 'vitest'
import { decodeTiff } from '../../../src/engine/images/decodeTiff.ts'
import { deflated } from '../pngFile.ts'

const [width, height] = [5, 3]

/** A grey picture in one strip; each tag is its number, its type (16 or 32 bits) and its value. */
function tiffFile(compression: number, strip: Uint8Array<ArrayBuffer>): Blob {
  const [short, long] = [3, 4]
  const strips = 8 + 2 + 9 * 12 + 4
  const tags = [
    [256, short, width],
    [257, short, height],
    [258, short, 8],
    [259, short, compression],
    [262, short, 1],
    [273, long, strips],
    [277, short, 1],
    [278, long, height],
    [279, long, strip.length],
  ]
  const head = new DataView(new ArrayBuffer(strips))
  head.setUint32(0, 0x49492a00)
  head.setUint32(4, 8, true)
  head.setUint16(8, tags.length, true)
  for (const [i, [tag, type, value]] of tags.entries()) {
    const at = 10 + 12 * i
    head.setUint16(at, tag!, true)
    head.setUint16(at + 2, type!, true)
    head.setUint32(at + 4, 1, true)
    head.setUint32(at + 8, value!, true)
  }
  return new Blob([head, strip])
}

async function greys(file: Blob): Promise<number[]> {
  const { data } = await decodeTiff(file)
  return [...data].filter((_, i) => i % 4 === 0)
}

/** Codes of nine bits, the highest first. */
function ofNineBits(...codes: number[]): Uint8Array<ArrayBuffer> {
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('')
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
}

const black = Array<number>(width * height).fill(0)
const refused = expect.objectContaining({ code: 'images/undecodable' })
const [clear, end] = [256, 257]

describe('decodeTiff', () => {
  it('takes of runs no more than there are pixels', async () => {
    // A list of so many numbers ends the page.
    const runs = new Uint8Array(3 * 2 ** 20).map((_, i) => (i % 2 === 0 ? 129 : 0))
    expect(await greys(tiffFile(32773, runs))).toEqual(black)
  })

  it('takes of what is deflated no more than there are pixels', async () => {
    const zeros = await deflated(new Uint8Array(2 ** 26))
    expect(await greys(tiffFile(8, zeros))).toEqual(black)
  })

  it('unpacks LZW with entries that are used while they are made, and with no code for the end', async () => {
    const codes = [clear, 7, 258, 259, 9, 261, 4, 262]
    // 7, 7 7, 7 7 7, 9, 9 9, 4, 9 9 4 …
    const pixels = [7, 7, 7, 7, 7, 7, 9, 9, 9, 4, 9, 9, 4, 0, 0]
    expect(await greys(tiffFile(5, ofNineBits(...codes, 0, 0, end)))).toEqual(pixels)
    expect(await greys(tiffFile(5, ofNineBits(...codes, 0, 0)))).toEqual(pixels)
  })

  it.each([
    ['no picture fills', [clear, 7, end]],
    ['begin with an entry', [clear, 258]],
    ['use an entry that is not there', [clear, 7, 300]],
  ])('refuses LZW whose codes %s', async (_, codes) => {
    await expect(decodeTiff(tiffFile(5, ofNineBits(...codes)))).rejects.toEqual(refused)
  })

  it('refuses what is deflated and damaged', async () => {
    const strip = await deflated(new Uint8Array(width * height).fill(9))
    strip[1]! ^= 1
    await expect(decodeTiff(tiffFile(8, strip))).rejects.toEqual(refused)
  })
})
