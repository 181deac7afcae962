/** @file Runs an exporter on what is open, and saves its files as downloads. */
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import type { Exporter, FigureChoice } from '../../state/exports/exporter.ts'
import type { AppStore } from '../../state/store.ts'
import { formatActivation } from '../common/format.ts'
import { saveFile } from '../common/saveFile.ts'
import { encodeMosaic } from './encodeMosaic.ts'
import { zipOf } from '../common/zipOf.ts'
import { rememberedSheet } from './sheetSize.ts'

/** What a figure shows and how large it is, as far as it is not as the user last chose it. */
export interface FigureWish extends Partial<FigureChoice>, Partial<SheetSize> {}

/** Resolves to the number of saved files. */
export async function saveExport(
  { getState, services }: AppStore,
  exporter: Exporter,
  { layers = null, channels = null, ...size }: FigureWish = {},
): Promise<number> {
  const options = {
    sheet: { ...rememberedSheet(), ...size },
    figure: { layers, channels },
    write: formatActivation,
    zip: zipOf,
    encode: encodeMosaic,
  }
  const files = await exporter.make(getState(), services, options)
  for (const file of files) saveFile(file)
  return files.length
}
