/** @file Dense, over the last axis: after Flatten a unit sees everything, on a map it sees its own place. */
import { samePlace, type LayerKind } from './kind.ts'
import { readActivation } from '../keras/layers/readActivation.ts'

export const dense: LayerKind<'dense'> = {
  kind: 'dense',
  classNames: ['Dense'],
  parse(config) {
    config.needsChannelsLast()
    config.only('quantization_config')
    // When it is saved, the adapter is added to the kernel.
    config.ignore('lora_rank', 'lora_alpha')
    return {
      kind: 'dense',
      units: config.number('units'),
      bias: config.boolean('use_bias', true),
      activation: readActivation(config, 'activation'),
    }
  },
  shape: (op, inputs) => [...inputs[0]!.slice(0, -1), op.units],
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [input.at(-1)!, op.units] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.units] }] : [kernel]
  },
  reach: samePlace,
}
