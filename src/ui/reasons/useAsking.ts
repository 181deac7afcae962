/** @file What questions about circuits need: the model and an engine, with the layer of a channel by its index. */
import { useMemo } from 'react'
import type { Asking } from '../../state/reasons/circuits.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { modelOf } from '../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** Null if no model is open, or while another one is being opened. */
export function useAsking(layer: string, channel: number): Asking | null {
  const { getState, services } = useAppStore()
  const model = useApp((state) => (state.openingModel === null ? modelOf(state) : null))
  return useMemo(() => {
    const index = model?.network.layers.findIndex(({ name }) => name === layer) ?? -1
    if (!model || index < 0) return null
    const isScanned = (): boolean => isUnderWay(getState().scan)
    return { pool: services.pool, model, layer: index, channel, isScanned }
  }, [model, layer, channel, services, getState])
}
