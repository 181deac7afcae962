/** @file What draws a figure as a file of one kind. */
import type { FigurePage, PlacedPatch } from '../../../core/mosaic/figurePage.ts'
import type { CutPatch } from './cutPatch.ts'

export interface FigureWriter {
  /** Adds a page; `cut` gives the pixels of a patch, each only when its turn comes. */
  add(page: FigurePage, cut: (patch: PlacedPatch) => Promise<CutPatch>): Promise<void>
  /** The files, one for each page if the format has no pages. */
  end(): Promise<Blob[]>
}
