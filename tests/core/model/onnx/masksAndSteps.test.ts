/** Comparisons, choices, repetition and quantized numbers, as layers. */
import { describe, expect, it } from 'vitest'
import type { Layer, SupportedLayer } from '../../../../src/core/model/network.ts'
import { kindOf } from '../../../../src/core/model/kinds/index.ts'
import type { OnnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import { readOnnx, stem, w } from '../../../fixtures/onnxNetworks.ts'
import { floats, ints, node, type Node, type Numbers, weights } from '../../../fixtures/onnxWriter.ts'

/** A map, and what these nodes make of it. */
function read(nodes: readonly Node[], constants: Readonly<Record<string, Numbers>>): OnnxNetwork {
  return readOnnx({ nodes: [stem, ...nodes], constants: { w, ...constants } })
}

function lastOf(nodes: readonly Node[], constants: Readonly<Record<string, Numbers>>): Layer {
  return read(nodes, constants).network.layers.at(-1)!
}

const problemOf = (layer: Layer): string | null => (layer.op === null ? layer.problem : null)

describe('Where', () => {
  const greater = node('Greater', ['stem', 'limit'], 'mask')

  it('chooses by a mask that is computed', () => {
    const where = node('Where', ['mask', 'stem', 'none'], 'y')
    const constants = { limit: floats([], 0.5), none: floats([], -1) }
    expect(lastOf([greater, where], constants)).toMatchObject({
      op: { kind: 'where', operands: ['input', 'input', -1] },
      inputs: [2, 1],
      shape: [9, 8, 4],
    })
  })

  it('puts a constant mask in the order of memory', () => {
    const where = node('Where', ['places', 'stem', 'none'], 'y')
    const places = floats([9, 1], 1, 0, 1, 0, 1, 0, 1, 0, 1)
    const { network, constants } = read([where], { places, none: floats([], -1) })
    expect(network.layers.at(-1)).toMatchObject({
      op: { operands: [{ shape: [9, 1, 1] }, 'input', -1] },
      weights: [{ shape: [9, 1, 1] }],
    })
    expect([...constants.at(-1)![0]!.floats()!]).toEqual(places.values)
  })
})

describe('repetition', () => {
  it('tiles channels', () => {
    const layer = lastOf([node('Tile', ['stem', 'times'], 'y')], { times: ints(1, 2, 1, 1) })
    expect(layer).toMatchObject({ op: { kind: 'tile', repeats: [1, 1, 2] }, shape: [9, 8, 8] })
  })

  it('expands a number a channel to a map, which sees the image as context only', () => {
    const pool = node('GlobalAveragePool', ['stem'], 'pool')
    const expand = node('Expand', ['pool', 'shape'], 'y')
    const relu = node('Relu', ['y'], 'z')
    const layer = read([pool, expand, relu], { shape: ints(1, 4, 9, 8) }).network.layers.at(
      -2,
    ) as SupportedLayer
    expect(layer).toMatchObject({ op: { kind: 'tile', repeats: [9, 8, 1] }, shape: [9, 8, 4] })
    const edge = { axis: 0, input: 0, inputs: [[1, 1, 4]], output: [9, 8, 4] } as const
    expect(kindOf(layer.op).reach(layer.op, edge, [3, 4])).toBe('context')
  })

  it('knows the row that each repeated one is', () => {
    const tile = { kind: 'tile', repeats: [3, 1, 1] } as const
    const edge = { axis: 0, input: 0, inputs: [[5, 4, 2]], output: [15, 4, 2] } as const
    expect(kindOf(tile).reach(tile, edge, [7, 9])).toEqual([2, 4])
    expect(kindOf(tile).reach(tile, edge, [4, 6])).toEqual([0, 5])
    expect(kindOf(tile).reach(tile, { ...edge, axis: 1 }, [2, 3])).toEqual([2, 3])
  })

  it('widens a map for a constant with more channels', () => {
    const mean = node('ReduceMean', ['stem', 'axes'], 'mean')
    const add = node('Add', ['mean', 'more'], 'y')
    expect(lastOf([mean, add], { more: weights(1, 6, 1, 1), axes: ints(1) })).toMatchObject({
      op: { kind: 'withConstant', constant: { shape: [1, 1, 6] } },
      shape: [9, 8, 6],
    })
  })

  it('does not make more images', () => {
    const layer = lastOf([node('Tile', ['stem', 'times'], 'y')], { times: ints(2, 1, 1, 1) })
    expect(problemOf(layer)).toBe('node "y" (Tile): it repeats [1, 4, 9, 8] [2, 1, 1, 1] times')
  })
})

describe('quantized numbers', () => {
  it('are rounded to steps and come back, each as a layer', () => {
    const pair = [
      node('QuantizeLinear', ['stem', 'step'], 'q'),
      node('DequantizeLinear', ['q', 'step'], 'dq'),
    ]
    const layers = read(pair, { step: floats([], 0.25) }).network.layers.slice(-2)
    expect(layers.map(({ op }) => op)).toEqual([
      { kind: 'quantize', scale: [0.25], zeroPoint: [0], low: 0, high: 255 },
      { kind: 'dequantize', scale: [0.25], zeroPoint: [0] },
    ])
  })

  it('have steps for each channel', () => {
    const quantize = node('QuantizeLinear', ['stem', 'steps'], 'q')
    expect(lastOf([quantize], { steps: floats([4], 1, 2, 3, 4) })).toMatchObject({
      op: { kind: 'quantize', scale: [1, 2, 3, 4] },
    })
  })

  it('are refused with steps along rows', () => {
    const quantize = node('QuantizeLinear', ['stem', 'steps'], 'q', { axis: { int: 2 } })
    expect(problemOf(lastOf([quantize], { steps: weights(9) }))).toBe(
      'node "q" (QuantizeLinear): it has steps along axis 2 of [1, 4, 9, 8], which are no channels',
    )
  })

  it('of weights become the weights: halves are rounded to the even neighbour', () => {
    const nodes = [
      node('QuantizeLinear', ['v', 'step'], 'q'),
      node('DequantizeLinear', ['q', 'step'], 'dq'),
      node('Conv', ['stem', 'dq'], 'y'),
    ]
    const { constants } = read(nodes, {
      step: floats([], 0.5),
      v: floats([1, 4, 1, 1], 0.25, 0.75, 1.26, -3),
    })
    expect([...constants.at(-1)![0]!.floats()!]).toEqual([0, 1, 1.5, 0])
  })
})
