/** @file What scripts can ask about pictures that are made for channels; loaded when it is first called. */
import { channelCount, type SupportedLayer } from '../core/model/network.ts'
import type { AscentWay } from '../core/reasons/ascentWays.ts'
import type { PictureValue } from '../engine/reasons/synthesis.ts'
import { patchesOf } from '../state/mosaic/patches.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { modelOf, resultOf } from '../state/selectors/shown.ts'
import type { AppStore } from '../state/store.ts'

export interface SynthesisOptions {
  /** `accentuate` strengthens what matters in a patch; `nothing` begins without one. The former if it is missing. */
  readonly way?: AscentWay
  /** The rank of the patch among the channel's best, from 0, which is taken if it is missing. */
  readonly rank?: number
  /** For the mean of the channel's map over the whole input rather than for the patch's unit. */
  readonly whole?: boolean
  /** Of several pictures that are to differ from each other: its number, from 0. */
  readonly nth?: number
}

export interface SynthesizedPicture {
  readonly width: number
  readonly height: number
  /** RGBA, `[height, width, 4]`. */
  readonly data: readonly number[]
  /** What the network says of just this picture: the unit's activation or the map's mean, and the map's maximum. */
  readonly reached: PictureValue
  /** The same of the patch that was accentuated; null if it began with nothing. */
  readonly before: PictureValue | null
  /** The channel's largest activation in the user's images. */
  readonly best: number | null
}

export interface SynthesisCalls {
  /**
   * A picture that is made to excite a channel of a scanned layer, under the spectrum of the open images. The same call gives the same
   * picture to the bit on the same backend. Throws if nothing is open, for names and numbers that are not there, and if no picture can
   * be made.
   */
  synthesize(layer: string, channel: number, options?: SynthesisOptions): Promise<SynthesizedPicture>
}

export function synthesisOf({ getState }: AppStore): SynthesisCalls {
  return {
    async synthesize(layer, channel, { way = 'accentuate', rank = 0, whole = false, nth = 0 } = {}) {
      const state = getState()
      const model = modelOf(state)
      if (!model || !state.images) throw new Error('open a model and images first')
      const { shape } = model.network.layers[indexOfLayer(model, layer)] as SupportedLayer
      if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
        throw new Error(`${layer} has no channel ${channel}`)
      const result = resultOf(state, layer)
      const patch = result && patchesOf(model, layer, result, channel, rank + 1)[rank]
      if (!patch) throw new Error(`channel ${channel} of ${layer} has no patch ${rank}: scan the layer first`)
      const wish = { layer, channel, patch, way, whole, nth }
      const made = await state.makePicture(wish, new AbortController().signal)
      if (!made?.outcome) throw new Error('another model is being opened')
      const { width, height, data } = made.picture
      const { made: reached, before } = made.outcome
      return { width, height, data: [...data], reached, before, best: result.highest(channel) }
    },
  }
}
