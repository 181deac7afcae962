/**
 * @file Reads a bitmap with transparency by way of a video frame, for browsers without WebGL in workers. Firefox gives what is in the file so;
 * WebKit has premultiplied it by then, which a trial shows.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { asStored } from './asStored.ts'
import { framePixels, isExact } from './framePixels.ts'

let exact: Promise<boolean> | null = null

/** RGBA, not premultiplied; the bitmap stays the caller's. Is null if this browser cannot give it. */
export async function readByFrame(bitmap: ImageBitmap): Promise<Pixels | null> {
  exact ??= isExact(async (file) => {
    const picture = await createImageBitmap(new Blob([file]), asStored)
    try {
      return await read(picture)
    } finally {
      picture.close()
    }
  })
  return (await exact) ? read(bitmap) : null
}

async function read(bitmap: ImageBitmap): Promise<Pixels | null> {
  if (typeof VideoFrame === 'undefined') return null
  let frame: VideoFrame | null = null
  try {
    frame = new VideoFrame(bitmap, { timestamp: 0 })
    return await framePixels(frame)
  } catch {
    // Then it is read in another way, or refused with a reason.
    return null
  } finally {
    frame?.close()
  }
}
