/** @file The interface of a file to save, for the list in `index.ts`. */
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import type { AppState, Services } from '../appState.ts'

export interface SavedFile {
  readonly name: string
  readonly blob: Blob
}

/** The page's choices of how something is saved, and what it does it with. */
export interface ExportOptions {
  /** How wide and fine pictures are. */
  readonly sheet: SheetSize
  /** Writes an activation as the page does. */
  readonly write: (activation: number) => string
  /** Encodes a mosaic to a small file that every browser shows, and closes the bitmap. */
  readonly encode: (bitmap: ImageBitmap) => Promise<Blob>
  /** What a figure shows; all that was scanned if it is not given. */
  readonly figure?: FigureChoice
  /** Packs files into one, uncompressed, in their order. */
  readonly zip: (files: readonly ZippedFile[]) => Promise<Blob>
}

/** Channels for a figure: null for all layers that were scanned, or all channels of these. */
export interface FigureChoice {
  readonly layers: readonly string[] | null
  /** In the order of the figure. */
  readonly channels: readonly number[] | null
}

export interface ZippedFile {
  readonly name: string
  readonly input: Blob
  readonly lastModified: Date
}

export interface Exporter {
  readonly id: string
  /** As the Export menu names it. */
  readonly label: string
  /** The names of its files end with this. */
  readonly ending: string
  /** Whether it is one file of all that was scanned. The command line writes such a file for a name of this ending. */
  readonly isWhole: boolean
  /** Whether there is more to choose: the Export menu has it in a dialog, the command line goes by `--channels`. */
  readonly isFigure?: boolean
  /** Whether there is something to save now. */
  applies(state: AppState): boolean
  make(state: AppState, services: Services, options: ExportOptions): Promise<readonly SavedFile[]>
  /** What the user reads if there are no files after all. */
  readonly nothing?: string
}

/** A file's name without its ending. */
export function stem(name: string): string {
  return name.replace(/\.[^.]+$/, '')
}
