/** @file Makes figures of channels; dead ones are left out as in the notebook's figure. */
import { type FigureFormat, hasPages } from '../../core/mosaic/figureFormats.ts'
import { layOutSheet } from '../../core/mosaic/figureSheet.ts'
import { framing } from '../../core/preprocessing/fit.ts'
import { leadingClass } from '../../core/scan/classShares.ts'
import type { FigureRequest } from '../../engine/gallery.ts'
import type { AppState, Services } from '../appState.ts'
import { patchesOf, requestsOf } from '../mosaic/patches.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { patchSources } from '../selectors/patchSources.ts'
import {
  aloneOf,
  classCountOf,
  fieldOf,
  modelOf,
  nameOf,
  recordedOf,
  resultOf,
  tableOf,
} from '../selectors/shown.ts'
import { type ExportOptions, type FigureChoice, type SavedFile, stem } from './exporter.ts'

export async function figureFiles(
  state: AppState,
  { gallery }: Services,
  { sheet: size, write, figure }: Pick<ExportOptions, 'sheet' | 'write'> & { readonly figure: FigureChoice },
  format: FigureFormat,
): Promise<SavedFile[]> {
  const { images, k } = state
  const scanned = scannedLayers(state)
  const layers = figure.layers?.filter((layer) => scanned.includes(layer)) ?? scanned
  const sources = layers[0] === undefined ? null : patchSources(state, layers[0])
  if (!images || !sources) return []
  const requests = layers.flatMap((layer) =>
    requestsOfLayer(state, layer, figure.channels, layers.length > 1, write),
  )
  if (requests.length === 0) return []
  const sheet = layOutSheet(k, requests.length, size, hasPages(format))
  const modelName = aloneOf(state)?.model.name ?? state.model?.name ?? ''
  const seen = Math.max(...layers.map((layer) => resultOf(state, layer)!.scanned))
  const seat = layers.length > 1 ? undefined : fieldOf(state, layers[0]!)?.seat?.size
  const cut = seat ? `, cut at the seats of their units (${seat.join('×')})` : ''
  const blobs = await gallery.figures(
    requests,
    framing(sources.inputShape, sources.preprocessing),
    sheet,
    [
      layers.length > 1 ? modelName : `${layers[0]} of ${modelName}`,
      `The strongest patches of ${seen.toLocaleString('en')} images of ${images.name}${cut}, with their activations`,
    ],
    format,
  )
  const of = layers.length > 1 ? '' : `-${layers[0]}`
  const name = `${stem(modelName)}${of}${figure.channels?.length === 1 ? `-channel-${figure.channels[0]}` : ''}`
  return blobs.map((blob, i) => ({ name: `${name}${blobs.length > 1 ? `-${i + 1}` : ''}.${format}`, blob }))
}

function requestsOfLayer(
  state: AppState,
  layer: string,
  chosen: readonly number[] | null,
  saysLayer: boolean,
  /** Writes an activation as the page does. */
  write: (activation: number) => string,
): FigureRequest[] {
  const { k } = state
  const result = resultOf(state, layer)!
  const { classNames, classOf, paths } = tableOf(state)!
  const recorded = recordedOf(state)
  // Patches are drawn as on the screen; the results file has their exact boxes in any case.
  const { inputShape, toEdge } = patchSources(state, layer)!
  const channels = chosen?.filter((channel) => channel < result.channels) ?? [
    ...Array(result.channels).keys(),
  ]
  return channels
    .filter((channel) => !result.isDead(channel))
    .map((channel): FigureRequest => {
      const patches = patchesOf(modelOf(state), layer, result, channel, k)
      const leading = classCountOf(state) < 2 ? null : leadingClass(result, channel, k, classOf)
      const name = nameOfChannel(state, layer, channel)
      const values = patches.map(({ activation }) => write(activation))
      const classes = patches.map(({ image }) => classNames[classOf[image] ?? -1] ?? '')
      return {
        title: [saysLayer && layer, `Channel ${channel}`, name].filter(Boolean).join(' · '),
        note: [
          values.length > 1 ? `${values[0]} … ${values.at(-1)}` : values.join(''),
          leading &&
            `${Math.round(leading.share * 100)} % ${nameOf(classNames, recorded?.classNames, leading.classNumber)}`,
        ]
          .filter(Boolean)
          .join(' · '),
        captions: patches.map((_, i) => [i + 1, values[i], classes[i]].filter(Boolean).join(' · ')),
        descriptions: patches.map(({ image }, i) =>
          [
            layer,
            `channel ${channel}${name && ` (${name})`}`,
            `rank ${i + 1}`,
            `activation ${values[i]}`,
            classes[i],
            paths[image],
          ]
            .filter(Boolean)
            .join(', '),
        ),
        patches: requestsOf(patches, inputShape, toEdge),
      }
    })
}
