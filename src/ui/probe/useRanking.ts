/** @file The channels of a layer, ranked by what the picture, or a spot in it, does to them. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { nearestUnit } from '../../core/mosaic/nearestUnit.ts'
import type { Network } from '../../core/model/network.ts'
import { framing, inputPoint } from '../../core/preprocessing/fit.ts'
import type { FiringChannel } from '../../core/scan/firingChannels.ts'
import { rankLayer } from '../../state/probe/rankLayer.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { useInTurn } from '../common/useInTurn.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { type LookedAt, type Spot, useLookedAt } from './probingContext.ts'

/**
 * Null until there is something to rank, and if the layer's units lie nowhere while a spot is asked for. `isNear`: whether the row is
 * near the screen; otherwise nothing is computed. Layers are ranked in turns: until a layer's turn comes, the ranking before holds.
 */
export function useRanking(index: number, isNear: boolean): readonly FiringChannel[] | null {
  const { seen, order, spot } = useLookedAt()
  const name = useApp((state) => state.model!.network.layers[index]!.name)
  const result = useApp((state) => resultOf(state, name))
  // Percentiles follow a scan.
  const scanned = useApp((state) => resultOf(state, name)?.scanned ?? 0)
  const atSpot = useSpotValues(index, isNear && spot !== null)
  const values = (isNear && (spot ? atSpot : seen.maxima.get(index))) || null
  const orderedBy = (isNear && !spot && order !== seen && order.maxima.get(index)) || null
  const rank = useCallback((): readonly FiringChannel[] | null => {
    if (!values) return null
    const known = scanned > 0 ? result : undefined
    const ranking = rankLayer(name, values, known)
    if (!orderedBy) return ranking
    const byChannel = new Map(ranking.map((one) => [one.channel, one]))
    return rankLayer(name, orderedBy, known).flatMap(({ channel }) => byChannel.get(channel) ?? [])
  }, [values, orderedBy, name, result, scanned])
  const ranking = useInTurn(rank)
  return values && ranking
}

/** The values of a layer's channels at the unit under the spot; the last ones are kept while the next are asked for. */
function useSpotValues(index: number, isWanted: boolean): Float32Array | null {
  const { getState } = useAppStore()
  const lookedAt = useLookedAt()
  const { seen, spot } = lookedAt
  const [values, setValues] = useState<Float32Array | null>(null)
  const ask = useLatest<{ readonly at: LookedAt; readonly spot: Spot }>(
    async ({ at, spot: wanted }, isHere) => {
      const { model, preprocessing } = getState()
      const unit = model && unitAtSpot(model.network, index, wanted, at, preprocessing)
      const found = unit ? await at.probe.unit(at.seen, index, unit) : null
      if (isHere()) setValues(found)
    },
    getState().report,
  )
  const { size } = lookedAt
  useEffect(() => {
    if (isWanted && spot) ask({ at: lookedAt, spot })
    // The context changes with what is hovered, too; only these change the answer.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isWanted, seen, spot, size, ask])
  return values
}

/** The unit whose field's centre is nearest to the spot; null if the layer's units lie nowhere. */
export function unitAtSpot(
  network: Network,
  layer: number,
  { x, y }: Pick<Spot, 'x' | 'y'>,
  { size }: Pick<LookedAt, 'size'>,
  preprocessing: Parameters<typeof framing>[1],
): readonly [number, number] | null {
  const frame = framing(network.inputShape, preprocessing)
  return nearestUnit(network, layer, inputPoint({ left: x * size.width, top: y * size.height }, frame, size))
}

/**
 * Returns a function that does the work for its latest argument: one at a time, and what comes meanwhile waits, of which only the latest
 * is done. After the component is gone nothing is done.
 */
function useLatest<Wish>(
  work: (wish: Wish, isHere: () => boolean) => Promise<void>,
  onError: (error: unknown) => void,
): (wish: Wish) => void {
  const current = useRef({ work, onError })
  useEffect(() => {
    current.current = { work, onError }
  })
  const state = useRef({ isBusy: false, isGone: false, next: null as Wish | null })
  useEffect(() => {
    const own = state.current
    own.isGone = false
    return () => {
      own.isGone = true
      own.next = null
    }
  }, [])
  return useMemo(
    () => (wish: Wish) => {
      const own = state.current
      own.next = wish
      if (own.isBusy) return
      own.isBusy = true
      const go = async (): Promise<void> => {
        try {
          while (own.next !== null && !own.isGone) {
            const now = own.next
            own.next = null
            await current.current.work(now, () => !own.isGone)
          }
        } catch (error) {
          if (!own.isGone) current.current.onError(error)
        } finally {
          own.isBusy = false
        }
      }
      void go()
    },
    [],
  )
}
