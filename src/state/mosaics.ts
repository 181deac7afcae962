/** @file From a channel's top k to patches: which box of which image. */
import { type SupportedLayer, unitAt } from '../core/model/network.ts'
import { type Box, UnitBoxes } from '../core/model/receptiveField.ts'
import type { LayerResult } from '../core/scan/layerResult.ts'
import type { TopEntry } from '../core/scan/topK.ts'
import type { OpenModel } from './model.ts'

export interface Patch {
  readonly image: number
  readonly activation: number
  /** Row, column. */
  readonly unit: readonly [number, number]
  readonly box: Box
}

/** Boxes are remembered as long as the model: a layer has few distinct rows and columns. */
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

/** The patches of a channel, best first. */
export function patchesOf(model: OpenModel, layer: string, result: LayerResult, channel: number): Patch[] {
  return patchesAt(model, layer, result.top(channel))
}

/** The patches of any entries of a layer, in their order. */
export function patchesAt(model: OpenModel, layer: string, entries: readonly TopEntry[]): Patch[] {
  const boxes = unitBoxes(model, layer)
  const { shape } = model.network.layers.find(({ name }) => name === layer) as SupportedLayer
  return entries.map(({ image, activation, position }) => {
    const unit = unitAt(shape, position)
    return { image, activation, unit, box: boxes.box(...unit) }
  })
}
