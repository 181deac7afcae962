/** @file What is compared, and the comparison before any scan is kept, which the page begins with. */
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { Shape } from '../../core/model/network.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { ReadFile, ShownField } from '../results/openResults.ts'

export interface ReadScan {
  readonly file: File
  readonly read: ReadFile
}

/** A scan that is kept in memory. Layers that were scanned later are a part of their own. */
export interface KeptScan {
  readonly id: number
  /** The newest first, of which there is at least one. All are of the same model. */
  readonly parts: readonly ReadScan[]
}

export interface ComparedLayer {
  readonly name: string
  readonly shape: Shape
  readonly result: ReadableResult
  /** Is null if it is not known what a unit sees. */
  readonly field: ShownField | null
}

export interface ComparedScan extends KeptScan {
  /** By it users tell it from the others. */
  readonly name: string
  /** By name, in the order of the network. */
  readonly layers: ReadonlyMap<string, ComparedLayer>
}

export interface Comparison {
  readonly scans: readonly ComparedScan[]
  /** The images of all scans. Nothing in it depends on what is open. */
  readonly table: ImageTable
}

export const nothingCompared: Comparison = {
  scans: [],
  table: {
    paths: [],
    classNames: [],
    classOf: new Int32Array(),
    splits: [],
    splitOf: new Int16Array(),
    order: new Uint32Array(),
    classesFrom: 'none',
    index: null,
  },
}
