/** @file A channel's map over the picture that is looked at, and the box of its strongest unit. */
import { heatGrid } from '../../core/mosaic/heatGrid.ts'
import type { Pair } from '../../core/model/network.ts'
import { framing, sourceRect } from '../../core/preprocessing/fit.ts'
import type { ChannelMap } from '../../engine/scan/channelMap.ts'
import { FrameInPicture } from '../common/FrameInPicture.tsx'
import { HeatLayer } from '../mosaic/heat/HeatOverlay.tsx'
import { useApp } from '../useApp.ts'
import { patchInMap } from './patchInMap.ts'
import type { ChannelAt, LookedAt } from './probingContext.ts'

export interface ShownMap extends ChannelAt {
  readonly map: ChannelMap
}

interface Props extends ShownMap {
  size: LookedAt['size']
  /** The unit that is framed; null for the strongest one. */
  unit: Pair | null
}

export function ChannelOverPicture({ layer, map, size, unit }: Props) {
  const model = useApp((state) => state.model)!
  const preprocessing = useApp((state) => state.preprocessing)
  const { network } = model
  const { name } = network.layers[layer]!
  const frame = framing(network.inputShape, preprocessing)
  const grid = heatGrid(network, layer)
  const { box, seat } = patchInMap(model, name, map, unit)
  return (
    <>
      {typeof grid !== 'string' && (
        <HeatLayer map={map} layer={name} grid={grid} frame={frame} picture={size} />
      )}
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        className="picture-box"
        role="img"
        aria-label={unit ? 'The patch of the unit at the spot' : 'The patch of the strongest unit'}
      >
        <FrameInPicture rect={sourceRect(seat ?? box, frame, size)} />
      </svg>
    </>
  )
}
