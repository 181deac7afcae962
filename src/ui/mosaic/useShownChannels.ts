/** @file The channels of the shown layer, in the order in which they are shown. */
import { useMemo } from 'react'
import { channelCount } from '../../core/model/network.ts'
import { orderChannels } from '../../core/mosaic/channelOrder.ts'
import { useApp } from '../useApp.ts'

const noClasses = new Int32Array()

/**
 * By number the order never changes. Sorted otherwise, or with dead channels hidden, it follows the scan only when
 * that pauses or ends: tiles that change places while they are looked at are of no use.
 */
export function useShownChannels(): readonly number[] {
  const model = useApp((state) => state.model)
  const layerName = useApp((state) => state.layer)
  const sort = useApp((state) => state.sort)
  const hideDead = useApp((state) => state.hideDead)
  const result = useApp((state) => (state.layer === null ? undefined : state.results.get(state.layer)))
  const classOf = useApp((state) => state.images?.table.classOf ?? noClasses)
  const moving = useApp((state) => state.scan.status === 'running')
  const layer = model?.network.layers.find(({ name }) => name === layerName)
  const channels = layer && layer.op !== null ? channelCount(layer.shape) : 0
  return useMemo(
    () => orderChannels(channels, sort, hideDead, moving ? undefined : result, classOf),
    [channels, sort, hideDead, result, classOf, moving],
  )
}
