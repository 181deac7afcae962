/** @file Whether channels answer to colour or to shape: what is asked for is measured, one channel after the other, and kept. */
import { isClause } from '../../core/errors.ts'
import { inTurn } from '../../core/timing/inTurn.ts'
import type { LayerChannel, ColourSlice, Slice } from '../appState.ts'
import { patchesAt } from '../mosaic/patches.ts'
import { colourOrShape } from '../scan/colourOrShape.ts'
import { isColourCurrent, keepColour } from '../scan/keptColour.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { modelOf, resultOf } from '../selectors/shown.ts'

export const createColour: Slice<ColourSlice> = (set, get, { pool }) => {
  // Whoever asks for a channel that another one has asked for finds it measured when its turn comes.
  const queue = inTurn()

  const measure = async ({ layer, channel }: LayerChannel, signal: AbortSignal): Promise<void> => {
    const state = get()
    const { images, preprocessing, openingModel, k } = state
    const [model, result] = [modelOf(state), resultOf(state, layer)]
    // While a model is being opened, the engines are about to change.
    if (!model || !images || !result || openingModel !== null) return
    if (signal.aborted || isColourCurrent(result, channel, k)) return
    const entries = result.top(channel, k)
    const patches = patchesAt(model, layer, entries).filter(({ image }) => image >= 0)
    const one = { model, images, preprocessing, layer, channel, patches }
    const found = await colourOrShape(pool, one, () => isUnderWay(get().scan), signal)
    keepColour(result, channel, k, entries, found)
    set(({ coloursMeasured }) => ({ coloursMeasured: coloursMeasured + 1 }))
  }

  return {
    coloursMeasured: 0,
    async measureColour(channels, signal, onDone) {
      let failure: unknown
      for (const [index, place] of channels.entries()) {
        try {
          await queue(() => measure(place, signal))
        } catch (error) {
          if (signal.aborted) break
          failure ??= error
          // An image that cannot be read says nothing about the other channels.
          if (!isClause(error)) break
        }
        if (signal.aborted) break
        onDone?.(index + 1)
      }
      if (failure !== undefined) get().report(failure)
    },
  }
}
