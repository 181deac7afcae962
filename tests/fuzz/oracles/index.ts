/** @file What is asked of each parser, by the name of the target. */
import type { FuzzInput } from '../inputs/input.ts'
import { listAsDataset, listAsImages, readAsModelArchive } from './archives.ts'
import { openAsModel, readAsConfiguration } from './models.ts'
import { openAsPicture } from './pictures.ts'
import {
  readAsAddress,
  mergeAsSnapshots,
  readAsIndex,
  readAsNotes,
  readAsProject,
  readAsResults,
  readAsSnapshot,
} from './texts.ts'

/** Resolves if the input is opened and all is as it must be; otherwise rejects with `Wrong`, or with the error for the user. */
export type Oracle = (input: FuzzInput) => Promise<void>

export const oracles = {
  zip: listAsImages,
  'zip of a model': readAsModelArchive,
  tar: listAsImages,
  dataset: listAsDataset,
  picture: openAsPicture,
  hdf5: openAsModel,
  'layers model': openAsModel,
  'graph model': openAsModel,
  keras: openAsModel,
  'keras configuration': readAsConfiguration,
  onnx: openAsModel,
  'onnx bytes': openAsModel,
  'onnx in parts': openAsModel,
  'packed model': openAsModel,
  index: readAsIndex,
  results: readAsResults,
  snapshot: readAsSnapshot,
  'parts of a scan': mergeAsSnapshots,
  notes: readAsNotes,
  project: readAsProject,
  address: readAsAddress,
} as const satisfies Readonly<Record<string, Oracle>>

export type Target = keyof typeof oracles
