/** @file Pictures of channels to save: of one with the values of its patches, or of all of a layer on pages. */
import { framing } from '../../core/preprocessing/fit.ts'
import { leadingClass } from '../../core/scan/classShares.ts'
import { layOutSheet, type SheetSize } from '../../core/mosaic/figureSheet.ts'
import type { FigureRequest } from '../../engine/gallery.ts'
import type { AppState, Services } from '../appState.ts'
import { type SavedFile, stem } from './exportResults.ts'
import { patchesOf, requestsOf, showsToEdge } from '../selectors/patches.ts'
import {
  inputShapeOf,
  modelOf,
  nameOf,
  preprocessingOf,
  recordedOf,
  resultOf,
  tableOf,
} from '../selectors/shown.ts'

/** Of the shown layer, dead channels left out as in the notebook's figure. */
export async function exportPictures(
  state: AppState,
  { gallery }: Services,
  channels: readonly number[],
  size: SheetSize,
  /** As the page writes activations. */
  write: (activation: number) => string,
): Promise<SavedFile[]> {
  const { images, layer, k } = state
  const model = modelOf(state)
  const recorded = recordedOf(state)
  const modelName = model?.name ?? recorded?.model.name ?? ''
  const result = resultOf(state, layer)
  const inputShape = inputShapeOf(state)
  const table = tableOf(state)
  if (!images || !table || !inputShape || !result || layer === null) return []
  // As they are on the screen; the results file has their exact boxes in any case.
  const toEdge = showsToEdge(state, layer)
  const nameOfClass = (classNumber: number): string =>
    nameOf(table.classNames, recorded?.classNames, classNumber)
  const classNameOf = (image: number): string => table.classNames[table.classOf[image] ?? -1] ?? ''
  const requests = channels
    .filter((channel) => !result.isDead(channel))
    .map((channel): FigureRequest => {
      const patches = patchesOf(model, layer, result, channel, k)
      const leading = table.classNames.length < 2 ? null : leadingClass(result, channel, k, table.classOf)
      const values = patches.map(({ activation }) => write(activation))
      return {
        title: `Channel ${channel}`,
        note: [
          values.length > 1 ? `${values[0]} … ${values.at(-1)}` : values.join(''),
          leading && `${Math.round(leading.share * 100)} % ${nameOfClass(leading.classNumber)}`,
        ]
          .filter(Boolean)
          .join(' · '),
        captions: patches.map(({ image }, i) => `${values[i]} ${classNameOf(image)}`.trim()),
        patches: requestsOf(patches, inputShape, toEdge),
      }
    })
  if (requests.length === 0) return []
  const sheet = layOutSheet(k, requests.length, size)
  const blobs = await gallery.figures(requests, framing(inputShape, preprocessingOf(state)), sheet, [
    `${layer} of ${modelName}`,
    `The strongest patches of ${result.scanned.toLocaleString('en')} images of ${images.name}, with their activations`,
  ])
  const name = `${stem(modelName)}-${layer}${channels.length === 1 ? `-channel-${channels[0]}` : ''}`
  return blobs.map((blob, i) => ({ name: `${name}${blobs.length > 1 ? `-${i + 1}` : ''}.png`, blob }))
}
