/** @file The page on what the network sees, and the suggestion about the model, as they hold for what is open now. */
import { followsGuess } from '../../core/preprocessing/guess/followedGuess.ts'
import type { Guess } from '../../core/preprocessing/guess/guess.ts'
import type { ClassOutputs } from '../../core/preprocessing/guess/prediction.ts'
import type { AppState, InputView } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { patchesShown } from './view.ts'
import { resultOf } from './shown.ts'
import type { Trial } from '../preprocessing/trial.ts'

/** The guess to suggest: it is more than possible, differs from what is set, and was neither accepted nor declined. */
export function suggestionOf({ model, preprocessing, answered }: AppState): Guess | null {
  const [guess] = model && model !== answered ? model.guesses : []
  return guess && guess.confidence !== 'possible' && !followsGuess(preprocessing, guess) ? guess : null
}

/** Returns null while the page is closed, or if its model or images are no longer open. */
export function inputViewOf({ inputView, model, images }: AppState): InputView | null {
  return inputView && inputView.model === model && inputView.images === images ? inputView : null
}

/** The image of the patch that is looked at. */
export function chosenImage(state: AppState): number | undefined {
  const { layer, channel, patch } = state
  if (channel === null) return undefined
  const top = resultOf(state, layer)?.top(channel, patchesShown(state)) ?? []
  return (top[patch] ?? top.at(-1))?.image
}

/** The latest comparison, if it was made with the open model and images. */
export function trialOf({ trial, model, images }: AppState): Trial | null {
  return trial && trial.model === model && trial.images === images ? trial : null
}

/** What the outputs stand for, if that was seen on some of the open images; otherwise null. */
export function provedClasses(state: AppState): ClassOutputs | null {
  const { matched, model, images } = state
  const seen = matched && matched.model === model && matched.images === images ? matched.classes : null
  return trialOf(state)?.comparison?.classes ?? seen
}

/** Batches are under way or about to be; a comparison would take their time. */
export function isScanning({ scan }: AppState): boolean {
  return isUnderWay(scan) && scan.status !== 'paused'
}
