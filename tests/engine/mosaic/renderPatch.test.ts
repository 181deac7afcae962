import { afterEach, describe, expect, it } from 'vitest'
import { isSharp, renderMissing, renderPatch } from '../../../src/engine/mosaic/renderPatch.ts'
import type { StoredPicture } from '../../../src/engine/mosaic/pictureStore.ts'
import { stretched } from '../../fixtures/framing.ts'
import { halves, pixelAt } from '../bitmaps.ts'

const framing = stretched([8, 8, 3])
const made: ImageBitmap[] = []
afterEach(() => {
  for (const bitmap of made.splice(0)) bitmap.close()
})

/** A picture of this size, red on the left and blue on the right, held as a bitmap of another. */
async function picture(width: number, height: number, held = width): Promise<StoredPicture> {
  const file = await halves(held, (held * height) / width, '#f00', '#00f')
  const bitmap = await createImageBitmap(file)
  made.push(bitmap)
  return { bitmap, width, height }
}

function drawn(size: number, draw: (context: OffscreenCanvasRenderingContext2D) => void): ImageBitmap {
  const canvas = new OffscreenCanvas(size, size)
  draw(canvas.getContext('2d')!)
  const bitmap = canvas.transferToImageBitmap()
  made.push(bitmap)
  return bitmap
}

const red = [255, 0, 0, 255]
const blue = [0, 0, 255, 255]

describe('a patch', () => {
  it('is cut from the picture at its own size', async () => {
    const stored = await picture(16, 16)
    const patch = drawn(8, (context) => renderPatch(context, stored, [0, 2, 4, 6], framing, 0, 0, 8))
    expect(pixelAt(patch, 3, 0)).toEqual(red)
    expect(pixelAt(patch, 4, 7)).toEqual(blue)
  })

  it('is cut from a copy at the same place', async () => {
    const stored = await picture(64, 64, 16)
    const patch = drawn(8, (context) => renderPatch(context, stored, [0, 0, 8, 8], framing, 0, 0, 8))
    expect(pixelAt(patch, 1, 4)).toEqual(red)
    expect(pixelAt(patch, 6, 4)).toEqual(blue)
  })

  it('keeps its pixels square when it is enlarged', async () => {
    const stored = await picture(8, 8)
    const patch = drawn(32, (context) => renderPatch(context, stored, [0, 2, 4, 6], framing, 0, 0, 32))
    expect(pixelAt(patch, 15, 0)).toEqual(red)
    expect(pixelAt(patch, 16, 0)).toEqual(blue)
  })

  it('is grey where it reaches beyond the picture', async () => {
    const stored = await picture(8, 8)
    const patch = drawn(8, (context) => renderPatch(context, stored, [-4, 0, 4, 8], framing, 0, 0, 8))
    const [r, g, b, alpha] = pixelAt(patch, 2, 1)
    expect([r, g, b].every((value) => Math.abs(value! - 128) < 3)).toBe(true)
    expect(alpha).toBeGreaterThan(50)
    expect(alpha).toBeLessThan(130)
    expect(pixelAt(patch, 2, 5)).toEqual(red)
  })

  it('of nothing but what is beyond the picture is all grey', async () => {
    const stored = await picture(8, 8)
    const patch = drawn(8, (context) => renderPatch(context, stored, [-8, 0, -1, 8], framing, 0, 0, 8))
    expect(pixelAt(patch, 7, 7)[3]).toBeLessThan(130)
  })

  it('takes only its own square of the mosaic', async () => {
    const stored = await picture(8, 8)
    const mosaic = drawn(16, (context) => renderPatch(context, stored, [0, 0, 8, 8], framing, 8, 8, 8))
    expect(pixelAt(mosaic, 7, 12)).toEqual([0, 0, 0, 0])
    expect(pixelAt(mosaic, 8, 8)).toEqual(red)
    expect(pixelAt(mosaic, 15, 15)).toEqual(blue)
  })
})

describe('a patch of a copy', () => {
  it('is sharp as long as the copy has a pixel for each of its own', async () => {
    const copy = await picture(64, 64, 16)
    expect(isSharp(copy, [0, 0, 4, 4], framing, 8)).toBe(true)
    expect(isSharp(copy, [0, 0, 4, 4], framing, 9)).toBe(false)
    expect(isSharp(await picture(16, 16), [0, 0, 4, 4], framing, 900)).toBe(true)
  })
})

it('what cannot be read is crossed out', () => {
  const mark = drawn(32, (context) => renderMissing(context, 0, 0, 32))
  expect(pixelAt(mark, 16, 16)[3]).toBeGreaterThan(200)
  expect(pixelAt(mark, 16, 2)[3]).toBeLessThan(130)
})
