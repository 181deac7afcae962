/**
 * @file geotiff's LZW without its printing. geotiff 3.0 warns on the console of data that end without the code for their end, which
 * other readers take without a word; if pixels are missing, too, reading them fails. So `console.warn` is replaced while data are
 * unpacked, which is done at once. Can go when geotiff is silent.
 */
import { type BaseDecoder, getDecoder } from 'geotiff'

/** TIFF's number for LZW. */
const lzw = 5
/** Those of no picture: only the decoder's class is wanted. */
const parameters = { tileWidth: 1, tileHeight: 1, predictor: 1, bitsPerSample: 8, planarConfiguration: 1 }

let quiet: Promise<void> | null = null

export function quietLzw(): Promise<void> {
  quiet ??= silence().catch((reason: unknown) => {
    // A failed download must not be remembered.
    quiet = null
    throw reason
  })
  return quiet
}

async function silence(): Promise<void> {
  const prototype = Object.getPrototypeOf(await getDecoder(lzw, parameters)) as BaseDecoder
  const { decodeBlock } = prototype
  prototype.decodeBlock = function (this: BaseDecoder, data) {
    const { warn } = console
    console.warn = () => undefined
    try {
      return decodeBlock.call(this, data)
    } finally {
      console.warn = warn
    }
  }
}
