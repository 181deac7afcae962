/** @file What was read of a results file. */
import type { Preprocessing } from '../preprocessing/preprocessing.ts'
import type { Sample, Selection } from '../images/selection.ts'
import type { MapShape, Shape } from '../model/network.ts'
import type { LayerLosses } from '../reasons/lossRanking.ts'
import type { LayerColumns } from './columns.ts'

/** All that a results file says, except its layers. */
export interface RecordedHead {
  readonly model: {
    readonly name: string
    readonly sha256: string
    readonly inputShape: MapShape
  }
  readonly images: {
    readonly name: string
    readonly count: number
    readonly scanned: number
    readonly fingerprint: string
    readonly selection: Pick<Selection, 'classes' | 'splits'>
    readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  }
  readonly preprocessing: Preprocessing
  readonly k: number
}

export interface RecordedLayer {
  readonly name: string
  readonly shape: Shape
  readonly globalContext: boolean
  readonly scanned: number
  readonly sample: Sample
  /** The range of its record in the file: its first byte, and the one behind its last. */
  readonly range: readonly [start: number, end: number]
  readonly columns: LayerColumns
  /** What the network loses without each channel, if the file tells. */
  readonly losses?: LayerLosses
}

export interface RecordedResults extends RecordedHead {
  /** The file's name. */
  readonly name: string
  /** Sorted by code unit. */
  readonly paths: readonly string[]
  readonly classNames: readonly string[]
  /** The class of each image, -1 if it is not known. */
  readonly classOf: Int32Array
  readonly layers: readonly RecordedLayer[]
  /** Everything but the layers, keys that this version does not know included. */
  readonly head: Readonly<Record<string, unknown>>
}
