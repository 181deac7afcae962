/** @file What a file format must offer: find a model of its own among the files by their content, and open it. */
import type { FormatId } from '../../../core/model/formats.ts'
import type { Network, Pair } from '../../../core/model/network.ts'
import type { Maker } from '../../../core/preprocessing/guess/torchModels.ts'
import type { ModelFiles } from './modelFiles.ts'

export interface OpenOptions {
  /** Rows and columns if the file leaves them open; null: a usual size. */
  readonly inputSize: Pair | null
}

/** A network and its numbers. */
export interface OpenedModel {
  readonly network: Network
  /** By layer, also those that are not computed as far as the file tells; none for a shared layer's later calls. */
  readonly parameters: readonly number[]
  /** The names of the outputs, if a file tells. */
  readonly labels?: readonly string[]
  /** The program that exported it, if a file tells. */
  readonly madeBy?: Maker
  /**
   * The arrays of a layer that is computed and shares no other's weights, in the order of its `weights`. Read from the
   * file at each call, so that a model is never held twice. Throws `model/…`.
   */
  weights(layer: number): readonly Float32Array[]
  /** Closes the file; `weights` does not work afterwards. */
  close(): void
}

/** Opens the models of a format, or those of one of its kinds. */
export interface ModelFormat {
  readonly id: FormatId
  /** Returns null if there is no model of this format among the files. Throws an AppError that names the file. */
  open(files: ModelFiles, options: OpenOptions): Promise<OpenedModel | null>
}
