/** @file The channels of all layers together, ranked by what the picture, or the spot that is held, does to them. */
import { useEffect, useState } from 'react'
import { type FiringChannel, rankTogether } from '../../core/scan/firingChannels.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { inTurn } from '../common/turns.ts'
import { useLookedAt } from './probingContext.ts'
import { rankLayer } from '../../state/probe/rankLayer.ts'
import { unitAtSpot } from './useRanking.ts'

/** The rarest of all layers; null until they are known, and while the spot moves. */
export function useAllRanking(layers: readonly number[], most: number): readonly FiringChannel[] | null {
  const { getState } = useAppStore()
  // Before a camera, pictures come faster than all layers can be ranked.
  const { probe, order, spot, size } = useLookedAt()
  const [found, setFound] = useState<readonly FiringChannel[] | null>(null)
  // Percentiles change while a scan goes on, but not at each of its reports.
  const isRunning = useApp((state) => state.scan.status === 'running')
  useEffect(
    () =>
      untilCleanup(async (signal) => {
        if (spot && !spot.isPinned) return
        const best: (readonly FiringChannel[])[] = []
        for (const layer of layers) {
          const state = getState()
          const { model, preprocessing } = state
          if (!model) return
          const unit = spot && unitAtSpot(model.network, layer, spot, { size }, preprocessing)
          const values = !spot
            ? order.maxima.get(layer)
            : unit
              ? await probe.unit(order, layer, unit)
              : undefined
          // A large network has thousands of channels: the page answers between two layers.
          await new Promise<void>(inTurn)
          if (signal.aborted) return
          if (!values) continue
          const { name } = model.network.layers[layer]!
          best.push(rankLayer(name, values, resultOf(state, name)).slice(0, most))
        }
        setFound(rankTogether(best).slice(0, most))
      }, getState().report),
    [layers, most, probe, order, spot, size, isRunning, getState],
  )
  return spot && !spot.isPinned ? null : found
}
