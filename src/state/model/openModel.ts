/** @file The model that is open: what the engine says of it, and what follows from that. */
import type { Guess, ModelEvidence } from '../../core/preprocessing/guess/guess.ts'
import type { InputWeights } from '../../core/preprocessing/guess/guessInput.ts'
import type { Maker } from '../../core/preprocessing/guess/torchModels.ts'
import type { Network } from '../../core/model/network.ts'
import { type Fields, rememberFields } from '../../core/model/receptiveField.ts'
import { whyNotScannable } from '../../core/model/scannable.ts'
import type { ModelDescription } from '../../engine/engine.ts'
import type { ModelSource } from '../workers/enginePool.ts'
import { modelName } from './modelSource.ts'

export interface OpenModel {
  /** The name of its main file, or of the folder that holds its files. */
  readonly name: string
  /** The main file, by which results tell models apart. */
  readonly file: File
  readonly source: ModelSource
  readonly network: Network
  /** The number of parameters of each layer. */
  readonly parameters: readonly number[]
  readonly fields: Fields
  readonly notScannable: readonly (string | null)[]
  /** The classes that the outputs stand for, if a file tells. */
  readonly labels: readonly string[] | null
  /** The weights of the layers that shift and scale the input. */
  readonly inputWeights: InputWeights
  /** The program that has exported it, if a file tells. */
  readonly madeBy: Maker | null
  /** What it tells about the preprocessing that it was trained with, best first. */
  readonly guesses: readonly Guess[]
}

export function describe(
  source: ModelSource,
  description: ModelDescription,
  fields: Fields,
  guess: (evidence: ModelEvidence) => readonly Guess[],
): OpenModel {
  const { network, parameters, labels, inputWeights, madeBy } = description
  rememberFields(network, fields)
  const name = modelName(source)
  const evidence: ModelEvidence = { network, name, inputWeights, madeBy: madeBy ?? null }
  return {
    ...evidence,
    file: source.files[0]!.file,
    source,
    parameters,
    labels: labels ?? null,
    guesses: guess(evidence),
    fields,
    notScannable: network.layers.map(whyNotScannable),
  }
}
