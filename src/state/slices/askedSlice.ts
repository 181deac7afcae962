/**
 * @file What is measured only when it is asked for: whether channels answer to colour or to shape, and how many of their top patches
 * look alike. One channel is measured after the other, and what was found is kept.
 */
import { isClause } from '../../core/errors.ts'
import type { AskedMeasure } from '../../core/scan/measures/index.ts'
import { inTurn } from '../../core/timing/inTurn.ts'
import type { AskedSlice, LayerChannel, Slice } from '../appState.ts'
import { keepAlikeShare } from '../mosaic/alike.ts'
import { findAlike } from '../mosaic/findAlike.ts'
import { patchesAt } from '../mosaic/patches.ts'
import { colourOrShape } from '../scan/colourOrShape.ts'
import { isColourCurrent, keepColour } from '../scan/keptColour.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { patchSources } from '../selectors/patchSources.ts'
import { modelOf, resultOf } from '../selectors/shown.ts'

export const createAsked: Slice<AskedSlice> = (set, get, { pool, gallery }) => {
  // Whoever asks for a channel that another one has asked for finds it measured when its turn comes.
  const queue = inTurn()

  const measureColour = async ({ layer, channel }: LayerChannel, signal: AbortSignal): Promise<void> => {
    const state = get()
    const { images, preprocessing, openingModel, k } = state
    const [model, result] = [modelOf(state), resultOf(state, layer)]
    // While a model is being opened, the engines are about to change.
    if (!model || !images || !result || openingModel !== null) return
    if (isColourCurrent(result, channel, k)) return
    const entries = result.top(channel, k)
    const patches = patchesAt(model, layer, entries).filter(({ image }) => image >= 0)
    const one = { model, images, preprocessing, layer, channel, patches }
    const found = await colourOrShape(pool, one, () => isUnderWay(get().scan), signal)
    keepColour(result, channel, k, entries, found)
  }

  const measureAlike = async ({ layer, channel }: LayerChannel): Promise<void> => {
    const state = get()
    const { model, k } = state
    const [sources, result] = [patchSources(state, layer), resultOf(state, layer)]
    if (!sources || !result) return
    await findAlike({ gallery, sources, model, layer, result, channel })
    keepAlikeShare(result, channel, k)
  }

  const ways: Readonly<Record<AskedMeasure, typeof measureColour>> = {
    colour: measureColour,
    alike: measureAlike,
  }

  return {
    askedMeasured: 0,
    async measureAsked(what, channels, signal, onDone) {
      let failure: unknown
      for (const [index, place] of channels.entries()) {
        try {
          await queue(() => (signal.aborted ? undefined : ways[what](place, signal)))
        } catch (error) {
          if (signal.aborted) break
          failure ??= error
          // An image that cannot be read says nothing about the other channels.
          if (!isClause(error)) break
        }
        set(({ askedMeasured }) => ({ askedMeasured: askedMeasured + 1 }))
        if (signal.aborted) break
        onDone?.(index + 1)
      }
      if (failure !== undefined) get().report(failure)
    },
  }
}
