/** @file What the model itself tells about the preprocessing that it was trained with. */
import { type Guess, guessPreprocessing, type ModelEvidence } from '../../core/preprocessing/guess/guess.ts'
import type { OpenModel } from '../model/openModel.ts'

const guesses = new WeakMap<OpenModel, readonly Guess[]>()

/** The guesses about the model, best first. */
export function guessesOf(model: OpenModel): readonly Guess[] {
  let found = guesses.get(model)
  if (!found) guesses.set(model, (found = guessPreprocessing(evidenceOf(model))))
  return found
}

export function evidenceOf({ network, name, inputWeights, madeBy }: OpenModel): ModelEvidence {
  return { network, name, inputWeights, madeBy }
}
