/** @file The channels of the shown layer, in the order in which they are shown. */
import { useMemo } from 'react'
import { channelCount } from '../../core/model/network.ts'
import { orderChannels } from '../../core/mosaic/channelOrder.ts'
import { resultOf, shapeOf, tableOf } from '../../state/shown.ts'
import { useApp } from '../useApp.ts'

const noClasses = new Int32Array()

/**
 * By number the order never changes. Sorted otherwise, or with dead channels hidden, it follows the scan only when
 * that pauses or ends: tiles that change places while they are looked at are of no use.
 */
export function useShownChannels(): readonly number[] {
  const shape = useApp((state) => shapeOf(state, state.layer))
  const sort = useApp((state) => state.sort)
  const hideDead = useApp((state) => state.hideDead)
  const result = useApp((state) => resultOf(state, state.layer))
  const classOf = useApp((state) => tableOf(state)?.classOf ?? noClasses)
  const k = useApp((state) => state.k)
  const moving = useApp((state) => state.scan.status === 'running')
  const channels = shape ? channelCount(shape) : 0
  return useMemo(
    () => orderChannels(channels, sort, hideDead, moving ? undefined : result, k, classOf),
    [channels, sort, hideDead, result, k, classOf, moving],
  )
}
