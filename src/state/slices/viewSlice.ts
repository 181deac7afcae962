/** @file What is looked at: layer, channel, patch, and how channels are laid out. */
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import { nothingSought } from '../../core/mosaic/finding.ts'
import { channelCount } from '../../core/model/network.ts'
import type { AppState, Slice, ViewSlice } from '../appState.ts'
import { shapeOf } from '../selectors/shown.ts'
import { firstView } from '../selectors/urlHash.ts'
import { layersKey } from '../selectors/view.ts'

/** The channel that was last looked at in each layer. */
const lastChannels = new WeakMap<object, Map<string, number>>()

export const createView: Slice<ViewSlice> = (set, get) => ({
  layer: null,
  channel: null,
  patch: 0,
  full: false,
  picked: null,
  among: null,
  page: null,
  view: firstView,
  image: null,
  followed: null,
  sort: channelSorts[0],
  reversed: false,
  hideDead: false,
  bestClass: null,
  noted: null,
  finding: nothingSought,
  tileSize: 'medium',
  toEdge: true,
  alikeOnce: false,
  sortsAsked: 0,
  layersMeasured: 0,
  showLayer(layer) {
    set((state) => {
      if (state.layer === layer) return {}
      const channel = channelIn(layer, state)
      return { layer, channel, patch: 0, full: state.full && channel !== null }
    })
  },
  showChannel(channel, patch = 0) {
    const state = get()
    const key = layersKey(state)
    if (key && state.layer !== null && channel !== null) {
      if (!lastChannels.has(key)) lastChannels.set(key, new Map())
      lastChannels.get(key)!.set(state.layer, channel)
    }
    const full = state.full && state.channel !== null && channel !== null
    set({ channel, patch, picked: null, full })
  },
  showFull(full) {
    set(({ channel }) => ({ full: full && channel !== null }))
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
    set(({ notices }) => ({
      page,
      image: null,
      notices: notices.filter(({ action }) => action?.leadsTo !== page),
    }))
  },
  showImage(path) {
    set({ page: 'image', image: path })
  },
  followChannel(layer, channel) {
    get().showPage(null)
    get().showLayer(layer)
    get().showChannel(channel)
  },
  showView(view) {
    set({ view })
  },
  find(finding) {
    set((state) => ({ finding: { ...state.finding, ...finding } }))
  },
  setView(view) {
    set(view)
  },
  sortAgain() {
    set(({ sortsAsked }) => ({ sortsAsked: sortsAsked + 1 }))
  },
  noteMeasured() {
    set(({ layersMeasured }) => ({ layersMeasured: layersMeasured + 1 }))
  },
})

/** The channel to show in another layer, if one is shown: the one last looked at there, else the same number. */
function channelIn(name: string, state: AppState): number | null {
  const { channel } = state
  const key = layersKey(state)
  const shape = shapeOf(state, name)
  if (!key || channel === null || !shape) return null
  const last = lastChannels.get(key)?.get(name) ?? channel
  return last < channelCount(shape) ? last : 0
}
