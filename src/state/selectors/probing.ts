/** @file What the pages that look at one picture show: which picture, and which layers. */
import { answerLayer } from '../../core/preprocessing/guess/prediction.ts'
import { imageNumber } from '../../core/images/imageNumber.ts'
import type { AppState } from '../appState.ts'
import { resultOf } from './shown.ts'

/** The number of the image whose page is open; null if there is none, or no such image in the set. */
export function shownImage({ images, image, page }: AppState): number | null {
  return images && page === 'image' && image !== null ? imageNumber(images.table, image) : null
}

/** The number of the picture that is looked at, if it is one of the open images. */
export function probedImage({ probed, images }: AppState): number | null {
  return probed?.from && probed.from.images === images ? probed.from.image : null
}

/** Indices of the layers with results, in the network's order; of all that can be scanned if none has any. */
export function layersToLookAt(state: AppState): number[] {
  const { model } = state
  if (!model) return []
  const scannable = [...model.network.layers.keys()].filter((layer) => model.notScannable[layer] === null)
  const scanned = scannable.filter(
    (layer) => (resultOf(state, model.network.layers[layer]!.name)?.scanned ?? 0) > 0,
  )
  return scanned.length > 0 ? scanned : scannable
}

/** The layer with the network's outputs, if they are a vector of more than one number; otherwise null. */
export function outputsOf({ model }: AppState): number | null {
  const layer = model && answerLayer(model.network)
  const { shape } = (layer === null ? {} : model!.network.layers[layer]!) as { shape?: readonly number[] }
  return shape && shape[0]! > 1 ? layer : null
}
