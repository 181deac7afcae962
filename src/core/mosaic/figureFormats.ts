/** @file The kinds of files that a figure can be. */

export const figureFormats = ['png', 'svg', 'pdf'] as const
export type FigureFormat = (typeof figureFormats)[number]

/** A PNG is a page for each file, a PDF has pages, and an SVG is one sheet however high it is. */
export function hasPages(format: FigureFormat): boolean {
  return format !== 'svg'
}
