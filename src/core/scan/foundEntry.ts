/** @file Images that were found for a channel, by a scan or in a results file. */
import type { Pair } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import type { QuantileGroup } from './imageSample.ts'
import type { TopEntry } from './topK.ts'

export interface FoundEntry extends TopEntry {
  /** It is there if a results file has it; otherwise it follows from the network. */
  readonly place?: { readonly unit: Pair; readonly box: Box; readonly seat?: Box }
}

export interface FoundGroup extends QuantileGroup {
  readonly samples: readonly FoundEntry[]
}
