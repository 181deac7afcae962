/** @file What is looked at: layer, channel, patch, and how channels are laid out. */
import { type ChannelSort, channelSorts } from '../../core/mosaic/channelOrder.ts'
import type { PatchFilter } from '../../core/mosaic/knownPatches.ts'
import type { FoundEntry } from '../../core/scan/readableResult.ts'
import { channelCount, type Network, type Shape, type SupportedLayer } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import type { AppState, Slice } from '../appState.ts'
import type { Link } from '../selectors/links.ts'
import { aloneOf, shapeOf, tableOf } from '../selectors/shown.ts'

/** What may lie over the workbench: the model's layers, the receptive field traced, what the network sees, the keys. */
export const pages = ['summary', 'trace', 'input', 'keys'] as const
export type Page = (typeof pages)[number]

export type TileSize = 'small' | 'medium' | 'large'

type Arranged = 'sort' | 'reversed' | 'hideDead' | 'bestClass' | 'tileSize' | 'toEdge'

/** Where something was chosen: elsewhere it does not hold. */
type Place = Pick<ViewSlice, 'layer' | 'channel' | 'patch'>

export interface ViewSlice {
  readonly layer: string | null
  readonly channel: number | null
  /** Rank of the chosen patch. */
  readonly patch: number
  /** See `pickedOf`. */
  readonly picked: (Place & { readonly entry: FoundEntry }) | null
  /** See `amongOf`. */
  readonly among: (Place & { readonly filter: PatchFilter }) | null
  readonly page: Page | null
  /** The link by which the page was opened. */
  readonly followed: Link | null
  readonly sort: ChannelSort
  /** See `ChannelArrangement`. */
  readonly reversed: boolean
  readonly hideDead: boolean
  /** The name of a class: only channels that most of all it excites. */
  readonly bestClass: string | null
  readonly tileSize: TileSize
  /** Of fields wider than half of the image: their patches show the image only, not what lies outside of it. */
  readonly toEdge: boolean
  /** Keeps a channel open where one is. */
  showLayer(layer: string): void
  showChannel(channel: number | null, patch?: number): void
  showPatch(patch: number): void
  /** Any image whose patch is known. */
  pick(entry: FoundEntry): void
  showAmong(filter: PatchFilter | null): void
  showPage(page: Page | null): void
  setView(view: Partial<Pick<ViewSlice, Arranged>>): void
}

/** The channel that was last looked at in each layer. */
const lastChannels = new WeakMap<object, Map<string, number>>()

export const createView: Slice<ViewSlice> = (set, get) => ({
  layer: null,
  channel: null,
  patch: 0,
  picked: null,
  among: null,
  page: null,
  followed: null,
  sort: channelSorts[0],
  reversed: false,
  hideDead: false,
  bestClass: null,
  tileSize: 'medium',
  toEdge: true,
  showLayer(layer) {
    set((state) => (state.layer === layer ? {} : { layer, channel: channelIn(layer, state), patch: 0 }))
  },
  showChannel(channel, patch = 0) {
    const state = get()
    const key = layersKey(state)
    if (key && state.layer !== null && channel !== null) {
      if (!lastChannels.has(key)) lastChannels.set(key, new Map())
      lastChannels.get(key)!.set(state.layer, channel)
    }
    set({ channel, patch, picked: null })
  },
  showPatch(patch) {
    set({ patch, picked: null })
  },
  pick(entry) {
    set(({ layer, channel, patch }) => ({ picked: { layer, channel, patch, entry } }))
  },
  showAmong(filter) {
    set(({ layer, channel, patch }) => ({ among: filter && { layer, channel, patch, filter } }))
  },
  showPage(page) {
    set({ page })
  },
  setView(view) {
    set(view)
  },
})

/** The image that is shown in place of the chosen patch of the top; null for that patch. */
export function pickedOf({ picked, layer, channel, patch }: AppState): FoundEntry | null {
  const holds = picked?.layer === layer && picked.channel === channel && picked.patch === patch
  return holds ? picked.entry : null
}

/** Which images are looked for; the others stand back. A class is in one channel after the other, a range in its own. */
export function amongOf(state: AppState): PatchFilter | null {
  const { among, layer, channel } = state
  if (!among) return null
  const { filter } = among
  if (filter.kind === 'class')
    return filter.classNumber < (tableOf(state)?.classNames.length ?? 0) ? filter : null
  return among.layer === layer && among.channel === channel ? filter : null
}

/** Which channel is shown with another layer, if one is shown: the one last looked at there, else the same number. */
function channelIn(name: string, state: AppState): number | null {
  const { channel } = state
  const key = layersKey(state)
  const shape = shapeOf(state, name)
  if (!key || channel === null || !shape) return null
  const last = lastChannels.get(key)?.get(name) ?? channel
  return last < channelCount(shape) ? last : 0
}

/** What stands for the layers that are shown: those of a model, or of a results file. */
function layersKey(state: AppState): object | null {
  return aloneOf(state)?.layers ?? state.model?.network ?? null
}

/**
 * What of a link fits the model: a layer that cannot be scanned is given up for `fallback`, a channel that is not
 * there for none.
 */
export function fitView(network: Network, view: Place, fallback: string | null): Place {
  // A layer that can be scanned has a shape.
  return fitLayers(scannableLayers(network) as SupportedLayer[], view, fallback)
}

/** The same for the layers that there are. */
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
