/** Dense, over the last axis: after Flatten a unit sees everything, on a map it sees its own place. */
import { samePlace, type LayerKind } from './kind.ts'

export const dense: LayerKind<'dense'> = {
  kind: 'dense',
  classNames: ['Dense'],
  parse(config) {
    config.only('quantization_config')
    config.ignore('lora_rank', 'lora_alpha')
    return {
      kind: 'dense',
      units: config.number('units'),
      bias: config.boolean('use_bias', true),
      activation: config.activation('activation'),
    }
  },
  shape: (op, inputs) => [...inputs[0]!.slice(0, -1), op.units],
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [input.at(-1)!, op.units] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.units] }] : [kernel]
  },
  reach: () => samePlace,
}
