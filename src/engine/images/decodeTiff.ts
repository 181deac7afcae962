/**
 * @file Decodes TIFF pictures, which no browser but Safari does, with geotiff, which is loaded with the first of them.
 */
import { fromBlob } from 'geotiff'
import { ClauseError, clauseError, messageOf } from '../../core/errors.ts'
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { listOf, useBoundedDecoders } from './tiffBlocks.ts'

useBoundedDecoders()

/** TIFF 6.0; the last one marks Adobe's raw photos. */
const tags = {
  newSubfileType: 254,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  stripBytes: 279,
  colorMap: 320,
  tileOffsets: 324,
  tileBytes: 325,
  subIfds: 330,
  inkSet: 332,
  dngVersion: 50706,
} as const

/** The lossless compressions: none, LZW, deflate, PackBits, deflate by its old number. */
const losslessCompressions = [1, 5, 8, 32773, 32946]
const otherCompressions: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT fax',
  4: 'CCITT fax',
  6: 'JPEG',
  7: 'JPEG',
  34712: 'JPEG 2000',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
}

type Colours = 'grey' | 'inverted grey' | 'RGB' | 'palette' | 'CMYK'

const colourNames: Readonly<Record<number, Colours>> = {
  0: 'inverted grey',
  1: 'grey',
  2: 'RGB',
  3: 'palette',
  5: 'CMYK',
}
const colourSamples: Readonly<Record<Colours, number>> = {
  grey: 1,
  'inverted grey': 1,
  RGB: 3,
  palette: 1,
  CMYK: 4,
}

/** A byte may stand for so many, at most, in the compressions above: LZW, whose codes of 12 bits stand for up to 4,096. */
const largestGain = 4096

/** How a pixel is stored. */
interface Layout {
  readonly colours: Colours
  readonly bits: number
  /** The number of samples of a pixel, alpha and others included. */
  readonly samples: number
  /** The colours of a palette: all reds, all greens, all blues, 16 bits each. */
  readonly colourMap: ArrayLike<number>
}

/**
 * Decodes the first page as RGBA, not turned, equal to `PIL.Image.open(…).convert('RGB')`. Of 16 bits it takes the
 * upper eight, as Pillow does for colour. Throws `images/…`, also for files that could not be decoded exactly.
 */
export async function decodeTiff(file: Blob): Promise<Pixels> {
  try {
    const image = await (await fromBlob(file)).getImage(0)
    const directory = image.getFileDirectory()
    const tag = async (number: number): Promise<unknown> =>
      directory.hasTag(number) ? directory.loadValue(number) : undefined
    const number = async (name: keyof typeof tags, fallback: number): Promise<number> => {
      const value = Number((await tag(tags[name])) ?? fallback)
      if (Number.isNaN(value)) throw undecodable()
      return value
    }

    // Raw photos are TIFFs whose first page is a thumbnail.
    const isThumbnail = ((await number('newSubfileType', 0)) & 1) === 1
    if (directory.hasTag(tags.dngVersion) || (isThumbnail && directory.hasTag(tags.subIfds)))
      throw clauseError('images/other-kind', {
        what: "a camera's raw photo, which browsers cannot decode",
        advice: 'convert it to JPEG or PNG',
      })
    const compression = await number('compression', 1)
    if (!losslessCompressions.includes(compression))
      throw refused(`${otherCompressions[compression] ?? `unknown (${compression})`} compression`)
    const photometric = await number('photometric', 1)
    const colours = colourNames[photometric]
    if (!colours) throw refused(`colours of kind ${photometric}`)
    // TIFF's default for the tag, which geotiff doesn't know.
    if (!directory.hasTag(tags.bitsPerSample)) directory.actualizedFields.set(tags.bitsPerSample, [1])
    const [width, height, bits, samples] = [
      image.getWidth(),
      image.getHeight(),
      image.getBitsPerSample(),
      image.getSamplesPerPixel(),
    ]
    // A tag may have no number, which geotiff's types do not say.
    if (![width, height, bits, samples].every(Number.isInteger)) throw undecodable()
    // Without any sample, geotiff unpacks the pixels all the same, and nobody hears of what fails.
    if (samples < colourSamples[colours]) throw undecodable()
    if (![1, 2, 4, 8, 16].includes(bits) || image.getSampleFormat() !== 1)
      throw refused(`${bits}-bit numbers`)
    if (bits < 8 && samples > 1) throw refused(`${bits}-bit colours`)
    if ((await number('fillOrder', 1)) !== 1) throw refused('its bits in reverse order')
    if ((await number('inkSet', 1)) !== 1) throw refused('inks other than CMYK')
    const [offsets, bytes] = directory.hasTag(tags.tileOffsets)
      ? [await tag(tags.tileOffsets), await tag(tags.tileBytes)]
      : [await tag(tags.stripOffsets), await tag(tags.stripBytes)]
    const needed = (width * height * samples * bits) / 8
    if (!areThere(offsets, bytes, file.size, compression === 1 ? needed : needed / largestGain))
      throw undecodable()
    const values = (await image.readRasters({ interleave: true })) as ArrayLike<number>
    const colourMap = ((await tag(tags.colorMap)) ?? []) as ArrayLike<number>
    const layout = { colours, bits, samples, colourMap }
    if (values.length !== width * height * samples) throw undecodable()
    return { width, height, data: toRgba(values, layout) }
  } catch (error) {
    if (error instanceof ClauseError) throw error
    if (error instanceof DOMException) throw clauseError('images/unreadable', { reason: messageOf(error) })
    // What geotiff says is about its own variables.
    throw undecodable()
  }
}

/**
 * Whether each part of the pixels lies in the file, and all of them have the bytes that are needed at least. geotiff takes parts
 * without bytes for black, and makes room for as many pixels as a few bytes claim.
 */
function areThere(offsets: unknown, bytes: unknown, fileBytes: number, needed: number): boolean {
  const [starts, lengths] = [listOf(offsets), listOf(bytes)]
  const isInFile = (start: number, part: number): boolean =>
    start > 0 && lengths[part]! > 0 && start + lengths[part]! <= fileBytes
  return (
    starts.length === lengths.length &&
    starts.every(isInFile) &&
    lengths.reduce((sum, length) => sum + length, 0) >= needed
  )
}

function undecodable(): Error {
  return clauseError('images/undecodable', { kind: 'TIFF' })
}

function refused(what: string): Error {
  return clauseError('images/other-kind', {
    what: `a TIFF picture with ${what}, which is not decoded here`,
    advice: 'save it as PNG',
  })
}

function toRgba(values: ArrayLike<number>, layout: Layout): Uint8ClampedArray<ArrayBuffer> {
  const { colours, bits, samples, colourMap } = layout
  const count = values.length / samples
  const data = new Uint8ClampedArray(count * 4).fill(255)
  const largest = 2 ** bits - 1
  const byte = (value: number): number =>
    bits === 16 ? value >> 8 : bits === 8 ? value : (value * 255) / largest
  const alphaAt = samples > colourSamples[colours] ? colourSamples[colours] : -1
  for (let p = 0; p < count; p++) {
    const at = p * samples
    const first = values[at]!
    for (let c = 0; c < 3; c++) {
      let value: number
      if (colours === 'RGB') value = byte(values[at + c]!)
      else if (colours === 'palette') value = (colourMap[first + c * (largest + 1)] ?? 0) >> 8
      else if (colours === 'CMYK') value = inkToLight(byte(values[at + c]!), byte(values[at + 3]!))
      else value = colours === 'grey' ? byte(first) : 255 - byte(first)
      data[p * 4 + c] = value
    }
    if (alphaAt > 0) data[p * 4 + 3] = byte(values[at + alphaAt]!)
  }
  return data
}

/** Pillow's `cmyk2rgb` (Convert.c): what one ink and black leave of white, rounded as by its MULDIV255. */
function inkToLight(ink: number, black: number): number {
  const white = 255 - black
  const product = ink * white + 128
  return white - (((product >> 8) + product) >> 8)
}
