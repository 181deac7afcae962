import { describe, expect, it } from 'vitest'
import {
  inputSpec,
  type Json,
  keras2FunctionalJson,
  networkOf,
  problemOf,
  supported,
} from '../../../../fixtures/kerasModels.ts'

describe('functions of TensorFlow in a Keras 2 network', () => {
  const call = (fn: string, keywords: Json, constant?: number) => ({
    class_name: 'TFOpLambda',
    name: 'it',
    config: { name: 'it', function: fn },
    inbound_nodes: [
      [
        ['image', 0, 0, keywords],
        ...(constant === undefined ? [] : [['_CONSTANT_VALUE', -1, constant, keywords]]),
      ],
    ],
  })
  const network = (layer: Json) => {
    const json = keras2FunctionalJson([inputSpec([10, 12, 12])]) as { config: { layers: Json[] } }
    json.config.layers.push(layer)
    return networkOf({ ...json, config: { ...json.config, output_layers: [['it', 0, 0]] } }, 2)
  }

  it.each([
    ['a block by its name', { block_size: 2 }, undefined],
    ['a block by its place', {}, 2],
  ])('spread channels over rows and columns, with %s', (_, keywords, constant) => {
    expect(supported(network(call('nn.depth_to_space', keywords, constant)), 'it')).toMatchObject({
      op: { kind: 'depthToSpace', block: 2 },
      shape: [20, 24, 3],
    })
  })

  it('refuse channels that do not fill the squares, and channels before rows', () => {
    const refused = (keywords: Json) => problemOf(network(call('nn.depth_to_space', keywords)), 'it')
    expect(refused({ block_size: 5 })).toContain('it spreads 12 channels over squares of 5×5')
    expect(refused({ block_size: 2, data_format: 'NCHW' })).toContain('data_format = "NCHW"')
  })

  it('take magnitudes', () => {
    expect(supported(network(call('math.abs', {})), 'it').op).toEqual({
      kind: 'activation',
      activation: { fn: 'abs' },
    })
  })
})
