/** @file What is looked at, as far as it holds for the layers that there are. */
import type { PatchFilter } from '../../core/mosaic/knownPatches.ts'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { channelCount, type Network, type Shape, type SupportedLayer } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import type { AppState, Place } from '../appState.ts'
import { aloneOf, tableOf } from './shown.ts'

/** The image that is shown in place of the chosen patch of the top; null for that patch. */
export function pickedOf({ picked, layer, channel, patch }: AppState): FoundEntry | null {
  const holds = picked?.layer === layer && picked.channel === channel && picked.patch === patch
  return holds ? picked.entry : null
}

/** How many of the open channel's top patches are shown: as many as in each mosaic, on its full page as many as are kept. */
export function patchesShown({ full, k, keep }: Pick<AppState, 'full' | 'k' | 'keep'>): number {
  return full ? Math.max(k, keep) : k
}

/** Which images are looked for. A class holds in every channel, a range only in its own. */
export function amongOf(state: AppState): PatchFilter | null {
  const { among, layer, channel } = state
  if (!among) return null
  const { filter } = among
  if (filter.kind === 'class')
    return filter.classNumber < (tableOf(state)?.classNames.length ?? 0) ? filter : null
  return among.layer === layer && among.channel === channel ? filter : null
}

/** The class whose images are looked for; all others are dimmed. A range has a strip of its own instead. */
export function soughtClass(state: AppState): PatchFilter | null {
  const among = amongOf(state)
  return among?.kind === 'class' ? among : null
}

/** An object that stands for the layers that are shown: those of a model, or of a results file. */
export function layersKey(state: AppState): object | null {
  return aloneOf(state)?.layers ?? state.model?.network ?? null
}

/**
 * What of a link fits the model: `fallback` takes the place of a layer that cannot be scanned, and no channel that of
 * one that does not exist.
 */
export function fitView(network: Network, view: Place, fallback: string | null): Place {
  // A layer that can be scanned has a shape.
  return fitLayers(scannableLayers(network) as SupportedLayer[], view, fallback)
}

/** Does the same for any list of layers. */
export function fitLayers(
  layers: readonly { readonly name: string; readonly shape: Shape }[],
  view: Place,
  fallback: string | null,
): Place {
  const layer = layers.find(({ name }) => name === view.layer)
  if (!layer) return { layer: fallback, channel: null, patch: 0 }
  const known = view.channel !== null && view.channel < channelCount(layer.shape)
  return known
    ? { layer: layer.name, channel: view.channel, patch: view.patch }
    : { layer: layer.name, channel: null, patch: 0 }
}
