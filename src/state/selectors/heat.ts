/** @file Whether there are heat-maps of a layer, and whether they are shown. */
import { type HeatGrid, heatGrid, seesNearlyAll } from '../../core/mosaic/heatGrid.ts'
import type { AppState } from '../appState.ts'
import { modelOf } from './shown.ts'

export type Heat =
  | { readonly grid: HeatGrid; readonly seesAll: boolean }
  /** A sentence that says why there is no map. */
  | { readonly why: string }

const reasons = {
  single: 'Each channel of this layer has a single unit, which sees the whole image: there is no heat-map.',
  placeless: 'The units of this layer stand for no places in the image: there is no heat-map.',
} as const

/** Returns null if nothing is known: no model is open, or it has no such layer. */
export function heatOf(state: AppState, layer: string | null): Heat | null {
  const model = modelOf(state)
  const index = model?.network.layers.findIndex(({ name }) => name === layer) ?? -1
  const field = model?.fields[index]
  if (!model || !field) return null
  const grid = heatGrid(model.network, index)
  if (typeof grid === 'string') return { why: reasons[grid] }
  const [height, width] = model.network.inputShape
  return { grid, seesAll: seesNearlyAll(field, [height, width]) }
}

/** The grid of a layer whose heat-map is shown over images; null if it is not shown. */
export function shownHeatGrid(state: AppState, layer: string | null): HeatGrid | null {
  const heat = heatOf(state, layer)
  if (!heat || 'why' in heat) return null
  return state.heat[heat.seesAll ? 'whole' : 'part'] ? heat.grid : null
}
