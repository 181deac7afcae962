/** @file What a file format must offer: tell its files from others by content, and open them. */
import type { Network } from '../../../core/model/network.ts'
import type { NetworkWeights } from '../tapNetwork.ts'

/** What the network is, and its numbers. */
export interface OpenedModel {
  readonly network: Network
  readonly weights: NetworkWeights
  /** By layer: also of layers that are not computed, as far as the file tells. */
  readonly parameters: readonly number[]
}

export interface ModelFormat {
  readonly name: string
  /** By the first bytes, not by the name. */
  accepts(file: File, head: Uint8Array): Promise<boolean> | boolean
  /** Throws an AppError that names the file. */
  open(file: File): Promise<OpenedModel>
}
