/**
 * @file What the page shows of layers and images, which comes from the open model and images or from an opened results
 * file. Code that only shows something asks here.
 */
import type { ImageTable } from '../../core/images/imageTable.ts'
import { type Preprocessing, sameSettings } from '../../core/preprocessing/preprocessing.ts'
import type { Network, Shape } from '../../core/model/network.ts'
import { lost } from '../../core/results/recordedResult.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { OpenResults, ShownField } from '../results/openResults.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** Whether the model and images of the opened results file are open. The images may be others in part. */
export function isJoined({ recorded, model, images }: AppState): boolean {
  return (
    recorded !== null &&
    images !== null &&
    recorded.fittedImages?.images === images &&
    recorded.fittedModel?.model === model &&
    recorded.fittedModel?.difference === null
  )
}

/** The opened results file, if it is all that is shown: its model or images are not open, or others are. */
export function aloneOf(state: AppState): OpenResults | null {
  const { recorded, results, scan } = state
  return recorded !== null && !isJoined(state) && results.size === 0 && !isUnderWay(scan) ? recorded : null
}

/**
 * The opened results file, if its layers stand beside those that are scanned now: model, images and settings are as
 * they were. As long as nothing is scanned, some images may be missing.
 */
export function besideOf(state: AppState): OpenResults | null {
  const { recorded, results, preprocessing } = state
  if (recorded === null || !isJoined(state) || !sameSettings(preprocessing, recorded.preprocessing))
    return null
  return results.size === 0 || recorded.fittedImages?.same ? recorded : null
}

/** Whether there are layers to be looked at. */
export function isWorkbenchOpen(state: AppState): boolean {
  return (state.model !== null && state.images !== null) || aloneOf(state) !== null
}

/** Returns null if nothing is shown of a results file. */
export function recordedOf(state: AppState): OpenResults | null {
  return aloneOf(state) ?? besideOf(state)
}

export function resultOf(state: AppState, layer: string | null): ReadableResult | undefined {
  if (layer === null) return undefined
  return state.results.get(layer) ?? recordedOf(state)?.results.get(layer)
}

/** All results that are shown: of the scanned layers, or of an opened file. */
export function resultsShown(state: AppState): ReadonlyMap<string, ReadableResult> {
  return state.results.size > 0 ? state.results : (recordedOf(state)?.results ?? state.results)
}

/** What the numbers of images and classes mean. Only the results file knows those with negative numbers. */
export function tableOf(state: AppState): ImageTable | null {
  return aloneOf(state)?.table ?? state.images?.table ?? null
}

/** How many classes are known: those of the open images, or of an opened file whose images are not all open. */
export function classCountOf(state: AppState): number {
  return Math.max(tableOf(state)?.classNames.length ?? 0, recordedOf(state)?.classNames.length ?? 0)
}

/** The name of the image or class of this number, in the list that is shown or in that of the results file. */
export function nameOf(
  shown: readonly string[] | undefined,
  recorded: readonly string[] | undefined,
  number: number,
): string {
  return (number < 0 ? recorded?.[lost(number)] : shown?.[number]) ?? ''
}

/** Whether there is a picture to be shown of this image. */
export function hasPicture({ images }: Pick<AppState, 'images'>, image: number): boolean {
  return images !== null && image >= 0
}

/** The model that computes what is shown; null if nothing does. */
export function modelOf(state: AppState): OpenModel | null {
  return aloneOf(state) ? null : state.model
}

/** Returns null if there is no such layer, or its shape is not known. */
export function shapeOf(state: AppState, layer: string | null): Shape | null {
  const alone = aloneOf(state)
  if (alone) return alone.layers.find(({ name }) => name === layer)?.shape ?? null
  const found = state.model?.network.layers.find(({ name }) => name === layer)
  return found && found.op !== null ? found.shape : null
}

/** What a unit of a layer sees; a file doesn't tell the distance from unit to unit. Null if it is not known. */
export function fieldOf(state: AppState, layer: string | null): ShownField | null {
  if (layer === null) return null
  const alone = aloneOf(state)
  if (alone) return alone.fields.get(layer) ?? null
  const { model } = state
  return model?.fields[model.network.layers.findIndex(({ name }) => name === layer)] ?? null
}

/** Height, width and channels of the network's input. */
export function inputShapeOf(state: AppState): Network['inputShape'] | null {
  return aloneOf(state)?.model.inputShape ?? state.model?.network.inputShape ?? null
}

/** The preprocessing by which the shown results were made. */
export function preprocessingOf(state: AppState): Preprocessing {
  return aloneOf(state)?.preprocessing ?? state.preprocessing
}
