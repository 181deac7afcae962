/** @file Whether there are heat-maps of a layer, and whether they are shown. */
import { type HeatGrid, heatGrid, seesNearlyAll, whyNoGrid } from '../../core/mosaic/heatGrid.ts'
import type { AppState } from '../appState.ts'
import type { OpenModel } from '../model/openModel.ts'
import { modelOf } from './shown.ts'

export interface Heat {
  /** Why there is no heat-map of the layer, as a sentence; null if there is one. */
  readonly why: string | null
  /** Whether a unit sees the whole image, or nearly. */
  readonly seesAll: boolean
}

const reasons = {
  single: 'Each channel of this layer has a single unit, which sees the whole image: there is no heat-map.',
  placeless: 'The units of this layer stand for no places in the image: there is no heat-map.',
} as const

/** The same object each time, so that what follows it need not be rendered anew. */
const known = new WeakMap<OpenModel, Map<string, Heat | null>>()

/** Returns null if nothing is known: no model is open, or it has no such layer. */
export function heatOf(state: AppState, layer: string | null): Heat | null {
  const model = modelOf(state)
  if (!model || layer === null) return null
  let ofModel = known.get(model)
  if (!ofModel) known.set(model, (ofModel = new Map()))
  let heat = ofModel.get(layer)
  if (heat === undefined) ofModel.set(layer, (heat = find(model, layer)))
  return heat
}

function find(model: OpenModel, layer: string): Heat | null {
  const index = model.network.layers.findIndex(({ name }) => name === layer)
  const field = model.fields[index]
  if (!field) return null
  const why = whyNoGrid(model.network, index)
  const [height, width] = model.network.inputShape
  return { why: why && reasons[why], seesAll: seesNearlyAll(field, [height, width]) }
}

/** The switch that says whether the heat-maps of a layer are shown over images. */
export function heatSwitch({ seesAll }: Heat): 'whole' | 'part' {
  return seesAll ? 'whole' : 'part'
}

/** Where the units of a layer lie; null if nothing can be drawn of it. */
export function heatGridOf(state: AppState, layer: string | null): HeatGrid | null {
  if (heatOf(state, layer)?.why !== null) return null
  const { network } = modelOf(state)!
  const grid = heatGrid(
    network,
    network.layers.findIndex(({ name }) => name === layer),
  )
  return typeof grid === 'string' ? null : grid
}

/** The grid of a layer whose heat-map is shown over images; null if it is not shown. */
export function shownHeatGrid(state: AppState, layer: string | null): HeatGrid | null {
  const heat = heatOf(state, layer)
  return heat && state.heat[heatSwitch(heat)] ? heatGridOf(state, layer) : null
}
