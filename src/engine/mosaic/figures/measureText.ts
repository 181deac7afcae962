/** @file How wide texts of figures are. */
import { figureFont, type MeasureText } from '../../../core/mosaic/figurePage.ts'

let context: OffscreenCanvasRenderingContext2D | undefined

export const measureText: MeasureText = (text, size, isBold) => {
  context ??= new OffscreenCanvas(1, 1).getContext('2d')!
  context.font = `${isBold ? 'bold' : 'normal'} ${size}px ${figureFont}`
  return context.measureText(text).width
}
