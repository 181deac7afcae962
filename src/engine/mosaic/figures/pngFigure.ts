/** @file A figure as PNG files on white, one for each page. */
import {
  baseline,
  figureFont,
  type FigurePage,
  frameColour,
  type PlacedPatch,
} from '../../../core/mosaic/figurePage.ts'
import type { CutPatch } from './cutPatch.ts'
import type { FigureWriter } from './figureWriter.ts'

export class PngFigure implements FigureWriter {
  readonly #files: Blob[] = []

  async add(page: FigurePage, cut: (patch: PlacedPatch) => Promise<CutPatch>): Promise<void> {
    const { width, height, texts, patches, frame } = page
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')!
    context.fillStyle = '#fff'
    context.fillRect(0, 0, width, height)
    for (const { text, x, y, size, isBold, colour } of texts) {
      context.font = `${isBold ? 'bold' : 'normal'} ${size}px ${figureFont}`
      context.fillStyle = colour
      context.fillText(text, x, y + baseline * size)
    }
    // Enlarged pixels stay squares.
    context.imageSmoothingEnabled = false
    context.strokeStyle = frameColour
    context.lineWidth = frame
    for (const patch of patches) {
      const { x, y, size } = patch
      const { pixels, ground, ...at } = await cut(patch)
      context.save()
      context.beginPath()
      context.rect(x, y, size, size)
      context.clip()
      if (ground) {
        context.fillStyle = ground
        context.fillRect(x, y, size, size)
      }
      if (pixels)
        context.drawImage(pixels, x + at.left * size, y + at.top * size, at.width * size, at.height * size)
      context.restore()
      context.strokeRect(x - frame / 2, y - frame / 2, size + frame, size + frame)
    }
    this.#files.push(await canvas.convertToBlob({ type: 'image/png' }))
  }

  end(): Promise<Blob[]> {
    return Promise.resolve(this.#files)
  }
}
