/** @file Decodes pictures by the engine's own code, and gives what can be sent to a driver. */
import { messageOf } from '../../../src/core/errors.ts'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import { expose } from '../../../src/rpc/expose.ts'

/** RGBA in Base64, or why there is none. */
export type Decoded =
  { readonly width: number; readonly height: number; readonly rgba: string } | { readonly refused: string }

const reader = new PixelReader()

export class Decoding {
  /** Turned upright. `file` in Base64. */
  async decode(file: string): Promise<Decoded> {
    const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0))
    try {
      const { width, height, data } = await usingPixels(
        new Blob([bytes]),
        'apply',
        reader,
        (pixels) => pixels,
      )
      return { width, height, rgba: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) }
    } catch (error) {
      return { refused: messageOf(error) }
    }
  }
}

expose(new Decoding(), self as never)
