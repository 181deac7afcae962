/**
 * @file Decodes a PNG that `png/plainPng` leaves alone, by WebCodecs' ImageDecoder. Without a bitmap, a canvas and a check of its alpha in between, this
 * takes a third of the processor's time. It is used only if a trial shows that its pixels are those of the file;
 * files that it refuses are decoded to a bitmap, and a browser without it gets `png/anyPng`. JPEG, WebP and AVIF come out of it as YUV, whose RGB
 * differs.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { framePixels, isExact } from './framePixels.ts'

/** TypeScript has no types for it yet. */
interface Options extends ImageDecoderInit {
  readonly colorSpaceConversion: 'none'
}

let exact: Promise<boolean> | null = null

/** RGBA as in the file, not premultiplied. Is null if the file must be decoded in another way. */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  return (await decodesExactly()) ? decode(bytes) : null
}

/** Whether this browser gives the numbers of a PNG as they are in the file. */
export function decodesExactly(): Promise<boolean> {
  exact ??= typeof ImageDecoder === 'undefined' ? Promise.resolve(false) : isExact(decode)
  return exact
}

async function decode(data: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  const options: Options = { data, type: 'image/png', colorSpaceConversion: 'none' }
  let decoder: ImageDecoder | null = null
  let frame: VideoFrame | null = null
  try {
    decoder = new ImageDecoder(options)
    frame = (await decoder.decode()).image
    return await framePixels(frame)
  } catch {
    // Decoding it in the other way reports what is wrong with it.
    return null
  } finally {
    frame?.close()
    decoder?.close()
  }
}
