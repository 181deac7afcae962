/** @file Pictures of channels to save: one channel with the values of its patches, or all of a layer on pages. */
import { framing } from '../../core/preprocessing/fit.ts'
import { leadingClass } from '../../core/scan/classShares.ts'
import { layOutSheet, type SheetSize } from '../../core/mosaic/figureSheet.ts'
import type { FigureRequest } from '../../engine/gallery.ts'
import type { AppState, Services } from '../appState.ts'
import { type Exporter, type SavedFile, stem } from './exporter.ts'
import { patchesOf, requestsOf } from '../mosaic/patches.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { showsToEdge } from '../selectors/wideField.ts'
import {
  fieldOf,
  inputShapeOf,
  modelOf,
  nameOf,
  preprocessingOf,
  recordedOf,
  resultOf,
  tableOf,
} from '../selectors/shown.ts'

const hasLayer = (state: AppState): boolean =>
  state.images !== null && resultOf(state, state.layer) !== undefined

export const channelPicture: Exporter = {
  id: 'channel',
  label: 'Picture of this channel (PNG)',
  ending: '.png',
  isWhole: false,
  applies: (state) => hasLayer(state) && state.channel !== null,
  make: (state, services, { sheet, write }) =>
    exportPictures(state, services, [state.channel!], sheet, write),
  nothing: 'There is no picture to save: the channel is dead.',
}

export const layerPictures: Exporter = {
  id: 'channels',
  label: 'Picture of all channels (PNG)',
  ending: '.png',
  isWhole: false,
  applies: hasLayer,
  make(state, services, { sheet, write }) {
    const channels = resultOf(state, state.layer)?.channels ?? 0
    return exportPictures(state, services, [...Array(channels).keys()], sheet, write)
  },
  nothing: 'There is no picture to save: all channels are dead.',
}

/** Pictures of channels of the shown layer; dead ones are left out as in the notebook's figure. */
export async function exportPictures(
  state: AppState,
  { gallery }: Services,
  channels: readonly number[],
  size: SheetSize,
  /** Writes an activation as the page does. */
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
  // Patches are drawn as on the screen; the results file has their exact boxes in any case.
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
        title: [`Channel ${channel}`, nameOfChannel(state, layer, channel)].filter(Boolean).join(' · '),
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
  const seat = fieldOf(state, layer)?.seat?.size
  const cut = seat ? `, cut at the seats of their units (${seat.join('×')})` : ''
  const blobs = await gallery.figures(requests, framing(inputShape, preprocessingOf(state)), sheet, [
    `${layer} of ${modelName}`,
    `The strongest patches of ${result.scanned.toLocaleString('en')} images of ${images.name}${cut}, with their activations`,
  ])
  const name = `${stem(modelName)}-${layer}${channels.length === 1 ? `-channel-${channels[0]}` : ''}`
  return blobs.map((blob, i) => ({ name: `${name}${blobs.length > 1 ? `-${i + 1}` : ''}.png`, blob }))
}
