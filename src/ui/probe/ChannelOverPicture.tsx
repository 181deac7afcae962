/** @file A channel's map over the picture that is looked at, and the box of its strongest unit. */
import { heatGrid } from '../../core/mosaic/heatGrid.ts'
import { framing, sourceRect } from '../../core/preprocessing/fit.ts'
import type { ChannelMap } from '../../engine/scan/channelMap.ts'
import { patchesAt } from '../../state/mosaic/patches.ts'
import { FrameInPicture } from '../common/FrameInPicture.tsx'
import { HeatLayer } from '../mosaic/heat/HeatOverlay.tsx'
import { useApp } from '../useApp.ts'
import type { ChannelAt, LookedAt } from './probingContext.ts'

export interface ShownMap extends ChannelAt {
  readonly map: ChannelMap
}

export function ChannelOverPicture({ layer, map, size }: ShownMap & { size: LookedAt['size'] }) {
  const model = useApp((state) => state.model)!
  const preprocessing = useApp((state) => state.preprocessing)
  const { network } = model
  const { name } = network.layers[layer]!
  const frame = framing(network.inputShape, preprocessing)
  const grid = heatGrid(network, layer)
  const position = map.values.reduce(
    (best, value, i) => (value > (map.values[best] ?? -Infinity) ? i : best),
    0,
  )
  const { box, seat } = patchesAt(model, name, [{ image: 0, activation: 0, position }])[0]!
  return (
    <>
      {typeof grid !== 'string' && (
        <HeatLayer map={map} layer={name} grid={grid} frame={frame} picture={size} />
      )}
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        className="picture-box"
        role="img"
        aria-label="The patch of the strongest unit"
      >
        <FrameInPicture rect={sourceRect(seat ?? box, frame, size)} />
      </svg>
    </>
  )
}
