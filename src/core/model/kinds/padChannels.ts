/** @file Channels of one value before and after those of the map, as networks widen a shortcut. */
import { mapShape, samePlace, type LayerKind } from './kind.ts'

export const padChannels: LayerKind<'padChannels'> = {
  kind: 'padChannels',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height, width, op.before + channels + op.after]
  },
  weights: () => [],
  reach: samePlace,
}
