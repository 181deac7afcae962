/** @file From a channel's top k to patches: which box of which image. */
import type { Network, SupportedLayer } from '../../core/model/network.ts'
import { unitAt } from '../../core/model/units.ts'
import { type Box, UnitBoxes } from '../../core/model/receptiveField.ts'
import { boxToEdge } from '../../core/mosaic/shownBox.ts'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { hashOfImage } from '../../core/scan/hashSample.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { PatchRequest } from '../../engine/gallery.ts'
import type { OpenModel } from '../model/openModel.ts'

export interface Patch {
  readonly image: number
  readonly activation: number
  /** Row and column. */
  readonly unit: readonly [number, number]
  readonly box: Box
  /** The part of the image that the unit stands for, if its box is the whole: this is what is drawn. */
  readonly seat?: Box
}

type Place = Pick<Patch, 'unit' | 'box' | 'seat'>

/** Boxes are kept as long as the model: a layer has few distinct rows and columns. */
const boxesOf = new WeakMap<OpenModel, Map<string, UnitBoxes>>()

function unitBoxes(model: OpenModel, layer: string): UnitBoxes {
  let byLayer = boxesOf.get(model)
  if (!byLayer) boxesOf.set(model, (byLayer = new Map()))
  let boxes = byLayer.get(layer)
  if (!boxes) {
    const index = model.network.layers.findIndex(({ name }) => name === layer)
    byLayer.set(layer, (boxes = new UnitBoxes(model.network, index)))
  }
  return boxes
}

/** The k best patches of a channel, best first. */
export function patchesOf(
  model: OpenModel | null,
  layer: string,
  result: ReadableResult,
  channel: number,
  k: number,
): Patch[] {
  return patchesAt(model, layer, result.top(channel, k))
}

/** What is to be drawn of patches; figures about them still use their own boxes. */
export function requestsOf(
  patches: readonly Patch[],
  [height, width]: Network['inputShape'],
  toEdge: boolean,
): PatchRequest[] {
  return patches.map(({ image, box, seat }) => ({
    image,
    box: seat ?? (toEdge ? boxToEdge(box, [height, width]) : box),
  }))
}

/** The patches of any entries of a layer, in their order. The model is needed for entries that do not have a box. */
export function patchesAt(model: OpenModel | null, layer: string, entries: readonly FoundEntry[]): Patch[] {
  // The layer is looked for once: a model has hundreds of them.
  let placeOf: ((position: number) => Place) | undefined
  return entries.map(({ image, activation, position, place }) => {
    return { image, activation, ...(place ?? (placeOf ??= placesOf(model!, layer))(position)) }
  })
}

function placesOf(model: OpenModel, layer: string): (position: number) => Place {
  const { shape } = model.network.layers.find(({ name }) => name === layer) as SupportedLayer
  const boxes = unitBoxes(model, layer)
  return (position) => {
    const unit = unitAt(shape, position)
    const seat = boxes.seat(...unit)
    return { unit, box: boxes.box(...unit), ...(seat ? { seat } : {}) }
  }
}

/** A number that changes with the patches. */
export function patchesVersion(patches: readonly Pick<Patch, 'image' | 'unit'>[]): number {
  let version = patches.length
  for (const { image, unit } of patches)
    for (const part of [image, ...unit]) version = hashOfImage(version ^ (part + 1))
  return version
}
