/** @file What is looked at: layer, channel, patch, and how channels are laid out. */
import { type ChannelSort, channelSorts } from '../core/mosaic/channelOrder.ts'
import { channelCount, type Network } from '../core/model/network.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import type { Slice } from './appState.ts'

export type TileSize = 'small' | 'medium' | 'large'

export interface ViewSlice {
  readonly layer: string | null
  readonly channel: number | null
  /** Rank of the chosen patch. */
  readonly patch: number
  readonly sort: ChannelSort
  readonly hideDead: boolean
  readonly tileSize: TileSize
  /** Of fields wider than half of the image: their patches show the image only, not what lies outside of it. */
  readonly toEdge: boolean
  showLayer(layer: string): void
  showChannel(channel: number | null, patch?: number): void
  showPatch(patch: number): void
  setView(view: Partial<Pick<ViewSlice, 'sort' | 'hideDead' | 'tileSize' | 'toEdge'>>): void
}

export const createView: Slice<ViewSlice> = (set) => ({
  layer: null,
  channel: null,
  patch: 0,
  sort: channelSorts[0],
  hideDead: false,
  tileSize: 'medium',
  toEdge: true,
  showLayer(layer) {
    set((state) => (state.layer === layer ? {} : { layer, channel: null, patch: 0 }))
  },
  showChannel(channel, patch = 0) {
    set({ channel, patch })
  },
  showPatch(patch) {
    set({ patch })
  },
  setView(view) {
    set(view)
  },
})

/**
 * What of a link fits the model: a layer that cannot be scanned is given up for `fallback`, a channel that is not
 * there for none.
 */
export function fitView(
  network: Network,
  view: Pick<ViewSlice, 'layer' | 'channel' | 'patch'>,
  fallback: string | null,
): Pick<ViewSlice, 'layer' | 'channel' | 'patch'> {
  const layer = scannableLayers(network).find(({ name }) => name === view.layer)
  if (!layer || layer.op === null) return { layer: fallback, channel: null, patch: 0 }
  const known = view.channel !== null && view.channel < channelCount(layer.shape)
  return known
    ? { layer: layer.name, channel: view.channel, patch: view.patch }
    : { layer: layer.name, channel: null, patch: 0 }
}
