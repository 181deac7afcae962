/**
 * @file Reads the size and orientation of a PNG (chunks IHDR, eXIf, and the texts in which ImageMagick writes EXIF),
 * whether it is animated (acTL), and whether its palette has a colour for every number that a pixel may hold (PLTE).
 */
import { crc32 } from '../../archives/crc32.ts'
import { type ByteWindow, letters } from './byteWindow.ts'
import { exifOrientation } from './exif.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

const nothing = new Uint8Array(0)

/** Is null if the file does not begin with IHDR, or if that names bits that no PNG has. */
export async function pngHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const first = await bytes.read(8, 18)
  if (first.byteLength < 18 || letters(first, 4, 4) !== 'IHDR') return null
  const [bits, colours] = [first.getUint8(16), first.getUint8(17)]
  if (!(colours === paletteColours ? bitsOfPalettes : bitsOfColours).includes(bits)) return null
  let orientation = 1
  let orientationOfText = 1
  const upright: Splice[] = []
  const still: Splice[] = []
  const filled: Splice[] = []
  const bare: Splice[] = []
  // Browsers read the orientation only if it comes before the pixels.
  for (let at = 8; ;) {
    const chunk = await bytes.read(at, 8)
    const kind = letters(chunk, 4, 4)
    if (chunk.byteLength < 8 || kind === 'IDAT') break
    const length = chunk.getUint32(0)
    const end = at + 12 + length
    // Whole chunks are replaced, as each carries a checksum.
    if (kind === 'acTL') still.push({ start: at, end, bytes: nothing })
    if (/^(iCCP|gAMA|cHRM|sRGB|cICP)$/.test(kind)) bare.push({ start: at, end, bytes: nothing })
    if (kind === 'PLTE' && colours === paletteColours && length < 3 << bits)
      filled.push({ start: at, end, bytes: wholePalette(await bytes.read(at + 8, length), 3 << bits) })
    if (kind === 'eXIf') {
      const found = exifOrientation(await bytes.read(at + 8, length))
      if (found) {
        orientation = found.orientation
        upright.push({ start: at, end, bytes: nothing })
      }
    }
    if (/^(tEXt|zTXt|iTXt)$/.test(kind) && length <= mostText)
      orientationOfText =
        (await orientationInText(kind, await bytes.read(at + 8, length))) ?? orientationOfText
    at = end
  }
  return {
    kind: 'PNG',
    width: first.getUint32(8),
    height: first.getUint32(12),
    // Pillow reads the text if there is no chunk.
    ...(orientation === 1 && orientationOfText !== 1
      ? { orientation: orientationOfText, isOwnTurn: true }
      : { orientation }),
    isGrey: colours === grey || colours === greyWithAlpha,
    upright,
    still,
    filled,
    bare,
  }
}

/** So many bits a number may have; numbers of a palette have one byte at most. */
const bitsOfPalettes = [1, 2, 4, 8]
const bitsOfColours = [...bitsOfPalettes, 16]

/** The types of colour in IHDR. */
const [grey, paletteColours, greyWithAlpha] = [0, 3, 4]

/** The chunk with black for the numbers that have no colour, as libpng, Pillow and TensorFlow show them. */
function wholePalette(colours: DataView, length: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(12 + length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, length)
  chunk.set(new TextEncoder().encode('PLTE'), 4)
  chunk.set(new Uint8Array(colours.buffer, colours.byteOffset, colours.byteLength), 8)
  view.setUint32(8 + length, crc32(chunk.subarray(4, 8 + length)))
  return chunk
}

/** EXIF takes a few kilobytes, and its thumbnail at most 64 kB. */
const mostText = 262_144
const keyword = 'Raw profile type exif\0'

/**
 * Reads the text that ImageMagick writes: a name, a length, and EXIF's bytes in hexadecimal. Is null for other texts.
 */
async function orientationInText(kind: string, chunk: DataView): Promise<number | null> {
  if (letters(chunk, 0, keyword.length) !== keyword) return null
  const [start, isPacked] = textOf(kind, chunk)
  const body = new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength).subarray(start)
  const text = isPacked ? await inflated(body) : body
  const digits = new TextDecoder('latin1').decode(text).split('\n').slice(3).join('').replaceAll(/\s/g, '')
  if (!/^([\da-f]{2})+$/i.test(digits)) return null
  const exif = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
  return exifOrientation(new DataView(exif.buffer))?.orientation ?? null
}

/** The offset of the text in a chunk, and whether it is packed. */
function textOf(kind: string, chunk: DataView): [start: number, isPacked: boolean] {
  const start = keyword.length
  if (kind === 'tEXt') return [start, false]
  if (kind === 'zTXt') return [start + 1, true]
  // Two flags come first, then a language and a translated keyword, each with a NUL at its end.
  let at = start + 2
  for (let nuls = 0; nuls < 2 && at < chunk.byteLength; at++) if (chunk.getUint8(at) === 0) nuls++
  return [at, chunk.getUint8(start) === 1]
}

/** Unpacks as much as possible, and no more than EXIF may have. */
async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  try {
    for (let bytes = 0; bytes < mostText;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      bytes += value.byteLength
    }
  } catch {
    // Pillow ignores a damaged text, too.
  }
  await reader.cancel().catch(() => undefined)
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
