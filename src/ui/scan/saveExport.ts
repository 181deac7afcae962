/** @file Runs an exporter on what is open, and saves its files as downloads. */
import type { Exporter } from '../../state/exports/exporter.ts'
import type { AppStore } from '../../state/store.ts'
import { formatActivation } from '../common/format.ts'
import { saveFile } from '../common/saveFile.ts'
import { encodeMosaic } from './encodeMosaic.ts'
import { zipOf } from '../common/zipOf.ts'
import { rememberedSheet } from './sheetSize.ts'

/** Resolves to the number of saved files. */
export async function saveExport({ getState, services }: AppStore, exporter: Exporter): Promise<number> {
  const options = { sheet: rememberedSheet(), write: formatActivation, zip: zipOf, encode: encodeMosaic }
  const files = await exporter.make(getState(), services, options)
  for (const file of files) saveFile(file)
  return files.length
}
