/** @file The page of all scanned layers, made channel by channel. Without open images it has no pictures. */
import {
  channelCard,
  layerEnd,
  layerStart,
  type MadeOnPage,
  type PageChannel,
  pageEnd,
  pageStart,
} from '../../core/results/page/pageText.ts'
import { fitMosaic, mosaicExtent, type MosaicLayout } from '../../core/mosaic/layout.ts'
import { framing } from '../../core/preprocessing/fit.ts'
import { bitmapFile } from '../../core/reasons/bitmapFile.ts'
import { topOfClasses } from '../../core/scan/classShares.ts'
import { activity } from '../../core/scan/statistics/activity.ts'
import { histogram } from '../../core/scan/statistics/histogram.ts'
import { maxima } from '../../core/scan/statistics/maxima.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState, Services } from '../appState.ts'
import { type Patch, patchesOf, requestsOf } from '../mosaic/patches.ts'
import { scannedLayers } from '../selectors/measured.ts'
import { noteOf } from '../selectors/notes.ts'
import { patchSources } from '../selectors/patchSources.ts'
import { aloneOf, classCountOf, modelOf, nameOf, resultOf, tableOf } from '../selectors/shown.ts'
import { breather } from '../timing/breather.ts'
import { type ExportOptions, type SavedFile, stem } from './exporter.ts'
import { shownNumbers } from './shownNumbers.ts'

/** Pixels: a thousand mosaics of photos have some 15 MB then. */
const extent = 180
const gap = 2

export async function pageFile(
  state: AppState,
  services: Services,
  { write, encode }: Pick<ExportOptions, 'write' | 'encode'>,
): Promise<SavedFile> {
  const { classes, k } = shownNumbers(state)
  const layers = scannedLayers(state)
  const model = aloneOf(state)?.model.name ?? state.model?.name ?? ''
  const layout = fitMosaic(k, extent, gap)
  const breathe = breather()
  const head = {
    model,
    images: aloneOf(state)?.images.name ?? state.images?.name ?? '',
    layers,
    classNames: classes.names,
    about: `Each picture shows the patches of up to ${k} images in which a unit of the channel is strongest, cut out at what the unit sees.`,
  }
  const blobs = [new Blob([pageStart(head)])]
  for (const layer of layers) {
    const result = resultOf(state, layer)!
    blobs.push(new Blob([layerStart(layer, result.channels, result.scanned)]))
    for (let channel = 0; channel < result.channels; channel++) {
      const patches = patchesOf(modelOf(state), layer, result, channel, k)
      // What the text says is taken before the picture is waited for, so that both are of one moment.
      const facts = factsOf(state, layer, result, channel, patches, k)
      const bitmap = await mosaicOf(state, services, layer, patches, layout)
      const picture = bitmap && (await dataAddress(await encode(bitmap)))
      const made = await madeFor(state, layer, channel, patches[0])
      blobs.push(new Blob([channelCard({ ...facts, picture, extent: mosaicExtent(layout), made }, write)]))
      await breathe()
    }
    blobs.push(new Blob([layerEnd]))
  }
  return { name: `${stem(model)}.html`, blob: new Blob([...blobs, pageEnd], { type: 'text/html' }) }
}

function factsOf(
  state: AppState,
  layer: string,
  result: ReadableResult,
  channel: number,
  patches: readonly Patch[],
  k: number,
): Omit<PageChannel, 'picture' | 'extent' | 'made'> {
  const table = tableOf(state)
  const found = result.of(maxima, channel)
  const active = result.of(activity, channel)
  const { name, family, star, note } = noteOf(state, layer, channel)
  return {
    layer,
    channel,
    name,
    star,
    note: [family && `Family: ${family}`, note].filter(Boolean).join('\n'),
    isDead: result.isDead(channel),
    top: patches.map(({ activation }) => activation),
    mean: found?.mean ?? null,
    deviation: found?.standardDeviation ?? null,
    fires: active && result.scanned > 0 ? active.activeImages / result.scanned : null,
    bins: result.of(histogram, channel)?.bins ?? [],
    classes: table && classCountOf(state) > 1 ? topOfClasses(result, channel, k, table.classOf) : new Map(),
    classNameOf: (number) => nameOf(table?.classNames, state.recorded?.classNames, number),
  }
}

async function mosaicOf(
  state: AppState,
  { gallery }: Services,
  layer: string,
  patches: readonly Patch[],
  layout: MosaicLayout,
): Promise<ImageBitmap | null> {
  const sources = patchSources(state, layer)
  if (!sources?.images || patches.length === 0) return null
  const { inputShape, preprocessing, toEdge } = sources
  return gallery.mosaic(requestsOf(patches, inputShape, toEdge), framing(inputShape, preprocessing), layout)
}

/** The pictures that have been made for the channel; none is made for the page. */
async function madeFor(
  { knownPicture, synthesis: { whole } }: AppState,
  layer: string,
  channel: number,
  patch: Patch | undefined,
): Promise<readonly MadeOnPage[]> {
  if (!patch) return []
  const found: MadeOnPage[] = []
  for (const [way, title] of madeTitles) {
    const known = knownPicture({ layer, channel, patch, way, whole, nth: 0 })
    if (!known?.outcome) continue
    const { data, width, height } = known.picture
    const file = new Blob([bitmapFile(height, width, data)], { type: 'image/bmp' })
    found.push({
      title: way === 'accentuate' && whole ? 'Accentuated image' : title,
      value: known.outcome.made.value,
      picture: await dataAddress(file),
      rows: height,
      columns: width,
    })
  }
  return found
}

const madeTitles = [
  ['accentuate', 'Accentuated patch'],
  ['nothing', 'Picture from nothing'],
] as const

/** The file within the address itself. */
async function dataAddress(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 2 ** 14)
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 14))
  return `data:${file.type};base64,${btoa(binary)}`
}
