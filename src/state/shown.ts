/** @file What the page shows of layers and images, and where it is from. What only shows something asks here. */
import type { ImageTable } from '../core/images/imageTable.ts'
import type { Preprocessing } from '../core/images/preprocessing.ts'
import type { Network, Shape } from '../core/model/network.ts'
import type { ReadableResult } from '../core/scan/readableResult.ts'
import type { AppState } from './appState.ts'

export function resultOf({ results }: AppState, layer: string | null): ReadableResult | undefined {
  return layer === null ? undefined : results.get(layer)
}

/** What the numbers of images and classes mean. */
export function tableOf({ images }: AppState): ImageTable | null {
  return images?.table ?? null
}

/** Null where there is no such layer, or nobody knows. */
export function shapeOf({ model }: AppState, layer: string | null): Shape | null {
  const found = model?.network.layers.find(({ name }) => name === layer)
  return found && found.op !== null ? found.shape : null
}

/** Height, width and channels of what the network takes. */
export function inputShapeOf({ model }: AppState): Network['inputShape'] | null {
  return model?.network.inputShape ?? null
}

/** By which the results were made. */
export function preprocessingOf({ preprocessing }: AppState): Preprocessing {
  return preprocessing
}
