/**
 * @file Decodes a picture file into pixels, bit for bit as Pillow and TensorFlow do: without colour conversion, with
 * alpha dropped and not composited, and turned only if the settings say so (TECH.md, section 6).
 */
import { clauseError, messageOf } from '../../core/errors.ts'
import { turnUpright } from '../../core/preprocessing/orientation.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { readByFrame } from './bitmapFrame.ts'
import { type FileRange, readRange } from './fileRange.ts'
import type { ImageHandle } from './imageHandle.ts'
import { bitmapOf, type OpenPicture, openPicture } from './openPicture.ts'
import { PixelBudget } from './pixelBudget.ts'

/** The budget of this worker. */
const budget = new PixelBudget()

/**
 * `use` gets the pixels, whose memory is its own, and their bitmap if there is one and its format has no transparency.
 * The pixels count as memory in use until `use` returns or resolves. `range`: the file's bytes if they were read
 * before; null if they must not be kept. Throws `images/…` with the reason.
 */
export async function usingPixels<T>(
  handle: ImageHandle,
  orientation: Preprocessing['orientation'],
  reader: PixelReader,
  use: (pixels: Pixels, bitmap: ImageBitmap | null) => T | Promise<T>,
  range?: FileRange | null,
): Promise<T> {
  const picture = await openPicture(handle, range === undefined ? await readRange(handle) : range)
  return budget.run(picture.pixels, async () => {
    const read = await picture.read(orientation)
    const { isGrey } = picture
    if (read) return use({ ...read, isStoredGrey: isGrey }, null)
    const bitmap = await picture.decode(orientation)
    try {
      const pixels = turned(picture, orientation, await pixelsOf(picture, orientation, bitmap, reader))
      return await use({ ...pixels, isStoredGrey: isGrey }, picture.opaque ? bitmap : null)
    } finally {
      bitmap.close()
    }
  })
}

/**
 * Makes a bitmap to be looked at: as the network sees the picture, without transparency. The caller closes it. Throws
 * `images/…` with the reason.
 */
export async function decodeOpaque(
  handle: ImageHandle,
  orientation: Preprocessing['orientation'],
  reader: PixelReader,
): Promise<ImageBitmap> {
  const picture = await openPicture(handle, await readRange(handle))
  return budget.run(picture.pixels, async () => {
    const read = await picture.read(orientation)
    if (read) return opaqueBitmap(read)
    const bitmap = await picture.decode(orientation)
    if (picture.opaque) return bitmap
    let isShown = false
    try {
      const stored = await pixelsOf(picture, orientation, bitmap, reader)
      const pixels = turned(picture, orientation, stored)
      isShown = pixels === stored && isOpaque(pixels.data)
      return isShown ? bitmap : await opaqueBitmap(pixels)
    } finally {
      if (!isShown) bitmap.close()
    }
  })
}

/** Makes a bitmap of pixels that are not needed any more: their transparency is dropped in place. */
export function opaqueBitmap(pixels: Pixels): Promise<ImageBitmap> {
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255
  return bitmapOf(pixels)
}

/** Pixels that no browser turns. */
function turned(picture: OpenPicture, orientation: Preprocessing['orientation'], pixels: Pixels): Pixels {
  return orientation === 'apply' ? turnUpright(pixels, picture.unapplied) : pixels
}

/**
 * The picture that was decoded to `bitmap`, as it is in the file. Where the bitmap cannot give it, it still has the alpha. Throws
 * `images/unreadable`.
 */
async function pixelsOf(
  picture: OpenPicture,
  orientation: Preprocessing['orientation'],
  bitmap: ImageBitmap,
  reader: PixelReader,
): Promise<Pixels> {
  const pixels =
    reader.readOpaque(bitmap) ??
    (picture.isTurnedByBrowser(orientation) ? null : await reader.readTransparent(bitmap))
  if (pixels) return pixels
  const colours = await picture.underneath(orientation)
  if (colours === 'black') return reader.readBlended(bitmap)
  const found = colours instanceof ImageBitmap ? readAndClose(colours, reader) : colours
  const isOther = found?.width !== bitmap.width || found.height !== bitmap.height
  if (isOther || (colours instanceof ImageBitmap && !isOpaque(found.data)))
    throw unreadable(bitmap, 'its transparency cannot be read in this browser')
  if (colours instanceof ImageBitmap) {
    const { data } = reader.readBlended(bitmap)
    for (let i = 3; i < data.length; i += 4) found.data[i] = data[i]!
  }
  return found
}

function readAndClose(bitmap: ImageBitmap, reader: PixelReader): Pixels {
  try {
    return reader.readBlended(bitmap)
  } finally {
    bitmap.close()
  }
}

function unreadable({ width, height }: ImageBitmap, what: string): Error {
  return clauseError('images/unreadable', { reason: `${width}×${height} pixels: ${what}` })
}

/** The pixels that are read at a time, so that the canvas does not hold a third copy of a large picture. */
const tilePixels = 4e6
/** The longest side of a tile: browsers draw no wider canvas and take no wider texture. */
const maxTileSide = 4096

/** A part of a picture. */
interface Tile {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Reads the pixels of bitmaps, and reuses its canvases for all of them. */
export class PixelReader {
  readonly #canvas = new OffscreenCanvas(1, 1)
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true })!
  /** Undefined until it is needed, and null if there is none. */
  #gl: WebGL2RenderingContext | null | undefined

  /** RGBA as in the file, or null if some of it is transparent; the bitmap stays the caller's. Throws `images/unreadable` if there is not enough memory. */
  readOpaque(bitmap: ImageBitmap): Pixels | null {
    // A 2D canvas premultiplies, which loses colour under transparent pixels; opaque pictures are exact.
    return this.#read(bitmap, (tile) => {
      const rgba = this.#readTile(bitmap, tile)
      return isOpaque(rgba) ? rgba : null
    })
  }

  /** RGBA as in the file. Is null if colours under transparency are lost in this browser. Throws as `readOpaque` does. */
  async readTransparent(bitmap: ImageBitmap): Promise<Pixels | null> {
    if (this.#gl === undefined) this.#gl = startGl()
    const gl = this.#gl
    return gl ? this.#read(bitmap, (tile) => readTileWithAlpha(gl, bitmap, tile)) : readByFrame(bitmap)
  }

  /** RGBA of which colours are lost under transparency, and alpha is exact. Throws as `readOpaque` does. */
  readBlended(bitmap: ImageBitmap): Pixels {
    return this.#read(bitmap, (tile) => this.#readTile(bitmap, tile))!
  }

  #read(bitmap: ImageBitmap, readTile: (tile: Tile) => Bytes | null): Pixels | null {
    const { width, height } = bitmap
    this.#context.globalCompositeOperation = 'copy'
    try {
      const data = readTiles(bitmap, readTile)
      return data && { width, height, data }
    } catch (error) {
      throw unreadable(bitmap, messageOf(error))
    }
  }

  dispose(): void {
    this.#gl?.getExtension('WEBGL_lose_context')?.loseContext()
  }

  #readTile(bitmap: ImageBitmap, { left, top, width, height }: Tile): Uint8ClampedArray {
    if (this.#canvas.width < width) this.#canvas.width = width
    if (this.#canvas.height < height) this.#canvas.height = height
    this.#context.drawImage(bitmap, -left, -top)
    return this.#context.getImageData(0, 0, width, height).data
  }
}

/** WebGL uploads without premultiplying, even in software. */
function readTileWithAlpha(
  gl: WebGL2RenderingContext,
  bitmap: ImageBitmap,
  { left, top, width, height }: Tile,
): Uint8Array {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, left)
  gl.pixelStorei(gl.UNPACK_SKIP_ROWS, top)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  const data = new Uint8Array(width * height * 4)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data)
  gl.deleteTexture(texture)
  return data
}

type Bytes = Uint8ClampedArray | Uint8Array

/** Reads all pixels of a picture part by part. Is null as soon as one part is null. */
function readTiles({ width, height }: ImageBitmap, read: (tile: Tile) => Bytes | null): Bytes | null {
  const tileWidth = Math.min(width, maxTileSide)
  const tileHeight = Math.min(height, maxTileSide, Math.max(1, Math.floor(tilePixels / tileWidth)))
  if (tileWidth === width && tileHeight === height) return read({ left: 0, top: 0, width, height })
  const data = new Uint8Array(width * height * 4)
  for (let top = 0; top < height; top += tileHeight)
    for (let left = 0; left < width; left += tileWidth) {
      const tile = {
        left,
        top,
        width: Math.min(tileWidth, width - left),
        height: Math.min(tileHeight, height - top),
      }
      const rgba = read(tile)
      if (!rgba) return null
      for (let row = 0; row < tile.height; row++)
        data.set(
          rgba.subarray(row * tile.width * 4, (row + 1) * tile.width * 4),
          ((top + row) * width + left) * 4,
        )
    }
  return data
}

function startGl(): WebGL2RenderingContext | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl) return null
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  return gl
}

function isOpaque(rgba: Bytes): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false
  return true
}
