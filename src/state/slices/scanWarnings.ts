/** @file Warnings after a scan: NaN, no readable picture, an input that seems to be prepared wrongly. */
import { sentence } from '../../core/errors.ts'
import type { SupportedLayer } from '../../core/model/network.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { suspicionOf } from '../../core/scan/suspicion.ts'
import type { AppState } from '../appState.ts'

/** Those of the layers `names` that still have the results of this scan. */
function current(
  { results, model }: AppState,
  names: readonly string[],
  scanned: readonly LayerResult[],
): { readonly layer: SupportedLayer; readonly result: LayerResult; readonly isOfPixels: boolean }[] {
  if (!model) return []
  const { layers } = model.network
  return names.flatMap((name, i) => {
    const index = layers.findIndex((one) => one.name === name)
    const layer = layers[index]
    const result = scanned[i]!
    if (!layer || layer.op === null || results.get(name) !== result) return []
    const field = model.fields[index]
    const isOfPixels = field ? !field.whole && field.size.every((side) => side === 1) : false
    return [{ layer, result, isOfPixels }]
  })
}

export function warnOfNan(state: AppState, names: readonly string[], scanned: readonly LayerResult[]): void {
  const broken = current(state, names, scanned).filter(({ result }) => result.nanChannels > 0)
  if (broken.length === 0) return
  state.notify('warning', sentence('scan/nan', { layers: broken.map(({ layer }) => layer.name).join(', ') }))
}

/** Warns if none of the images that were tried could be read; returns whether that is so. */
export function warnIfNoImage({ skipped, images, notify }: AppState, tried: ImageMask): boolean {
  const failed = [...skipped].filter(([image]) => tried.has(image))
  if (failed.length === 0 || failed.length < tried.count) return false
  const [image, reason] = failed[0]!
  const first = `${images?.table.paths[image]}: ${reason}`
  notify('error', sentence('scan/no-image', { count: tried.count, first }))
  return true
}

/** Wrong preprocessing raises no error, but makes every result wrong. */
export function warnIfSuspicious(
  state: AppState,
  names: readonly string[],
  scanned: readonly LayerResult[],
): void {
  const suspicion = suspicionOf(current(state, names, scanned))
  if (suspicion) state.notify('warning', sentence(`scan/${suspicion.code}`, suspicion))
}
