/**
 * @file Finds JPEGs that are cut off. Firefox and WebKit make a bitmap of what is left of one, with grey for the rest, where Chromium,
 * Pillow and TensorFlow refuse it.
 */
import { bytesOf } from './fileRange.ts'

/** 16×32 pixels of noise, whose second half is missing. */
const trial =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////wAALCAAgABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAIB/8QAJRAAAgECBgICAwAAAAAAAAAAAREhAAISIkFRYfAxcZHhobHR/9oACAEBAAA/AGMEhmLhm9/no4piOXDdbvJ+umpjAHAuRTfwp4mqKauCY2XjXiPusFxvLAFu0acR0VQ='

/** Nearly all files end with the mark of the end, so most large ones need not be read whole. */
const tail = 2 ** 16
const startOfScan = 0xda
const endOfImage = 0xd9

let shows: Promise<boolean> | null = null

/** Whether this browser would show a part of the JPEG as if it were all of it. */
export async function isCutOff(file: Blob): Promise<boolean> {
  shows ??= showsPart()
  if (!(await shows)) return false
  if (file.size > tail && hasEnd(await bytesOf(file.slice(-tail)), 0)) return false
  const bytes = await bytesOf(file)
  return !hasEnd(bytes, scanIn(bytes))
}

async function showsPart(): Promise<boolean> {
  try {
    const file = new Blob([Uint8Array.from(atob(trial), (c) => c.charCodeAt(0))])
    ;(await createImageBitmap(file)).close()
    return true
  } catch {
    return false
  }
}

/** Where the pixels begin: segments before may hold a small JPEG, with an end of its own. */
function scanIn(bytes: Uint8Array): number {
  let at = 2
  while (at + 3 < bytes.length && bytes[at + 1] !== startOfScan)
    at += bytes[at + 1] === 0xff ? 1 : 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!
  return at
}

function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.lastIndexOf(endOfImage); at > from; at = bytes.lastIndexOf(endOfImage, at - 1))
    if (bytes[at - 1] === 0xff) return true
  return false
}
