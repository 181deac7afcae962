/** Channels of one value before and behind, as TensorFlow graphs widen a shortcut: no Keras layer does it. */
import { mapShape, samePlace, type LayerKind } from './kind.ts'

export const padChannels: LayerKind<'padChannels'> = {
  kind: 'padChannels',
  classNames: [],
  parse: (config) => config.refuse('class_name', config.className),
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height, width, op.before + channels + op.behind]
  },
  weights: () => [],
  reach: samePlace,
}
