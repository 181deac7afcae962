/** @file Images that were found for a channel, as a result of a scan or of a file tells them. */
import type { Pair } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import type { QuantileGroup } from './imageSample.ts'
import type { TopEntry } from './topK.ts'

export interface FoundEntry extends TopEntry {
  /** It is there if a file has it; otherwise the network tells. */
  readonly place?: { readonly unit: Pair; readonly box: Box }
}

export interface FoundGroup extends QuantileGroup {
  readonly samples: readonly FoundEntry[]
}
