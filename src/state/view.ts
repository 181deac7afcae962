/** @file What is looked at: layer, channel, patch, and how channels are laid out. */
import { type ChannelSort, channelSorts } from '../core/mosaic/channelOrder.ts'
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
  showLayer(layer: string): void
  showChannel(channel: number | null, patch?: number): void
  showPatch(patch: number): void
  setView(view: Partial<Pick<ViewSlice, 'sort' | 'hideDead' | 'tileSize'>>): void
}

export const createView: Slice<ViewSlice> = (set) => ({
  layer: null,
  channel: null,
  patch: 0,
  sort: channelSorts[0],
  hideDead: false,
  tileSize: 'medium',
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
