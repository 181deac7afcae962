/** @file The writers of figures, each loaded when it is asked for. */
import type { FigureFormat } from '../../../core/mosaic/figureFormats.ts'
import type { FigureWriter } from './figureWriter.ts'

export async function figureWriter(format: FigureFormat): Promise<FigureWriter> {
  if (format === 'svg') return new (await import('./svgFigure.ts')).SvgFigure()
  if (format === 'pdf') return new (await import('./pdfFigure.ts')).PdfFigure()
  return new (await import('./pngFigure.ts')).PngFigure()
}
