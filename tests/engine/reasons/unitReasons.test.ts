/** Units of every kind and option of a layer, taken apart: their terms sum to what real Keras computes. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readKerasConfig } from '../../../src/core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../../src/core/model/keras/kerasNetwork.ts'
import {
  elementCount,
  type Network,
  type Shape,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { isMove, originOf } from '../../../src/core/reasons/moves.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { runKernel } from '../../../src/engine/model/kernels/index.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import layersJson from '../../fixtures/layers.json?raw'
import { compareLayers, computedLayers } from './everyLayer.ts'

interface Case {
  readonly name: string
  readonly kerasMajor: number
  readonly input: readonly number[]
  readonly config: unknown
  readonly shape: readonly number[]
}

const cases = JSON.parse(layersJson) as readonly Case[]

/** Numbers in [-1, 1). */
function numbers(length: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + offset) * 7919) % 2003) / 1001.5 - 1)
}

function weightsOf(network: Network): (layer: number) => Float32Array[] {
  let offset = 0
  const made = network.layers.map((layer) => {
    if (layer.op === null) throw new Error(layer.problem)
    return layer.weights.map(({ name, shape }: { name: string; shape: Shape }) => {
      const values = numbers(elementCount(shape), (offset += 1000))
      return name.includes('variance') ? values.map((value) => Math.abs(value) + 0.5) : values
    })
  })
  return (layer) => made[layer]!
}

beforeAll(() => startBackend('wasm'))

const opened = (one: Case): Network =>
  kerasNetwork(readKerasConfig(one.config, one.kerasMajor), { kerasMajor: one.kerasMajor, inputSize: null })
    .network

describe('the terms of units', () => {
  const all = new Set<string>()
  it.each(cases)('$name', async (one) => {
    const network = opened(one)
    const taps = new TapNetwork(network, weightsOf(network))
    const input = numbers(elementCount(one.input), 17).map((value) => value * 3)
    const { numTensors } = tf.memory()
    const found = await compareLayers(taps, input, computedLayers(network), 5, 2)
    expect(tf.memory().numTensors).toBe(numTensors)
    taps.dispose()
    for (const kind of found.kinds.keys()) all.add(kind)
    expect(found.worst, found.where).toBeLessThan(1e-5)
    expect(found.worstProof, found.where).toBeLessThan(1e-5)
  })

  it('are of every kind of sum', () => {
    for (const kind of ['conv', 'depthwiseConv', 'separableConv', 'transposedConv', 'dense', 'merge'])
      expect([...all]).toContain(kind)
  })
})

describe('layers that only move numbers', () => {
  const moves = new Set<string>()
  it.each(cases)('$name', (one) => {
    const network = opened(one)
    const arrays = weightsOf(network)
    for (const [index, layer] of network.layers.entries()) {
      if (layer.op === null || !isMove(layer.op)) continue
      moves.add(layer.op.kind)
      const shapes = layer.inputs.map((i) => (network.layers[i] as SupportedLayer).shape)
      // Each number says where it is.
      const before = shapes.reduce<number[]>(
        (sums, shape) => [...sums, sums.at(-1)! + elementCount(shape)],
        [1],
      )
      const inputs = shapes.map((shape, i) =>
        tf.tensor(
          Float32Array.from({ length: elementCount(shape) }, (_, at) => before[i]! + at),
          [1, ...shape],
        ),
      )
      const weights = layer.weights.map(({ shape }, w) => tf.tensor(arrays(index)[w]!, [...shape]))
      const output = tf.tidy(() => runKernel(layer.op, inputs, weights)).dataSync()
      for (const [element, value] of output.entries()) {
        const origin = originOf(layer.op, shapes, layer.shape, arrays(index), element)
        const expected = 'constant' in origin ? origin.constant : before[origin.input]! + origin.element
        expect(value, `element ${element}`).toBeCloseTo(expected, 5)
      }
    }
  })

  it('are of many kinds', () => {
    expect(moves.size).toBeGreaterThan(5)
  })
})
