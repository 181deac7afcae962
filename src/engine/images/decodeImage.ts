/**
 * @file A picture file to pixels, bit for bit as Pillow and TensorFlow decode it: no colour conversion, alpha
 * dropped and not composited (TECH.md, section 6).
 */
import { appError, messageOf } from '../../core/errors.ts'
import type { Pixels } from '../../core/images/toInput.ts'
import { type ImageHandle, readHandle } from './imageHandle.ts'

/** Off this thread; the caller closes the bitmap. Throws `images/…` with the reason. */
export async function decodeImage(handle: ImageHandle): Promise<ImageBitmap> {
  const blob = await readHandle(handle)
  if (blob.size === 0) throw appError('images/unreadable', { reason: 'the file is empty' })
  try {
    return await createImageBitmap(blob, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotReadableError')
      throw appError('images/unreadable', { reason: messageOf(error) })
    throw appError('images/undecodable', { type: blob.type ? ` (${blob.type})` : '' })
  }
}

/** Chromium's limit; other browsers draw less and throw. */
const maxCanvasPixels = 16_384 ** 2

/** Reads bitmaps' pixels; keeps its canvases from picture to picture. */
export class PixelReader {
  readonly #canvas = new OffscreenCanvas(1, 1)
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true })!
  #gl: { context: WebGL2RenderingContext; maxSize: number } | null = null

  /** RGBA as in the file; the bitmap stays the caller's. Throws `images/unreadable` where memory doesn't do. */
  read(bitmap: ImageBitmap): Pixels {
    const { width, height } = bitmap
    // A larger canvas draws nothing, without an error.
    if (width * height > maxCanvasPixels)
      throw appError('images/unreadable', {
        reason: `${width}×${height} pixels are more than a browser can draw`,
      })
    if (this.#canvas.width < width) this.#canvas.width = width
    if (this.#canvas.height < height) this.#canvas.height = height
    this.#context.globalCompositeOperation = 'copy'
    this.#context.drawImage(bitmap, 0, 0)
    let data: Uint8ClampedArray
    try {
      data = this.#context.getImageData(0, 0, width, height).data
    } catch (error) {
      throw appError('images/unreadable', { reason: `${width}×${height} pixels: ${messageOf(error)}` })
    }
    // A 2D canvas premultiplies, which loses colour under transparent pixels; opaque pictures are exact.
    return { width, height, data: isOpaque(data) ? data : this.#readWithAlpha(bitmap) }
  }

  dispose(): void {
    this.#gl?.context.getExtension('WEBGL_lose_context')?.loseContext()
  }

  /** WebGL uploads without premultiplying, also in software. */
  #readWithAlpha(bitmap: ImageBitmap): Uint8Array {
    const { width, height } = bitmap
    this.#gl ??= startGl()
    const { context: gl, maxSize } = this.#gl
    if (width > maxSize || height > maxSize)
      throw appError('images/unreadable', {
        reason: `${width}×${height} pixels with transparency are too many`,
      })
    const texture = gl.createTexture()
    gl.bindTexture(gl.TEXTURE_2D, texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
    const data = new Uint8Array(width * height * 4)
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data)
    gl.deleteTexture(texture)
    return data
  }
}

function startGl(): { context: WebGL2RenderingContext; maxSize: number } {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl)
    throw appError('images/unreadable', { reason: 'its transparent pixels cannot be read without WebGL' })
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  return { context: gl, maxSize: gl.getParameter(gl.MAX_TEXTURE_SIZE) as number }
}

function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false
  return true
}
