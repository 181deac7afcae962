/** Operators that are read as others: their layers, and what is refused. What they compute is compared in the browser (`onnxNewest.test.ts`). */
import { expect, it } from 'vitest'
import type { Layer } from '../../../../src/core/model/network.ts'
import { onnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import { int, ints, node, type Node, type Numbers, onnxModel, weights } from '../../../fixtures/onnxWriter.ts'

/** The image's 72 places as tokens of 8 numbers, in three axes; with the layers of these nodes. */
function layersOf(
  nodes: readonly Node[],
  constants: Readonly<Record<string, Numbers>> = {},
): readonly Layer[] {
  const tokens = [
    node('Conv', ['image', 'w'], 'map'),
    node('Reshape', ['map', 'flat'], 'rows'),
    node('Transpose', ['rows'], 'tokens', { perm: { ints: [0, 2, 1] } }),
  ]
  const model = onnxModel({
    nodes: [...tokens, ...nodes],
    constants: { w: weights(8, 3, 1, 1), flat: ints(0, 0, -1), ...constants },
    opset: 24,
  })
  return onnxNetwork(model, { inputSize: null }).network.layers.slice(2)
}

const self = ['tokens', 'tokens', 'tokens']
const heads = (queries: number, keys = queries) => ({
  q_num_heads: { int: queries },
  kv_num_heads: { int: keys },
})

it('attention is its steps, and the last one stands for it', () => {
  const layers = layersOf([
    node('Attention', self, 'y', heads(2), { name: 'attn' }),
    node('Relu', ['y'], 'z', {}, { name: 'behind' }),
  ])
  expect(layers.map(({ name, className, op }) => [name, className, op?.kind])).toEqual([
    ['attn.scaled', 'Mul', 'withConstant'],
    ['attn.scores', 'MatMul', 'matMul'],
    ['attn.weights', 'Softmax', 'activation'],
    ['attn', 'Attention', 'matMul'],
    ['behind', 'Relu', 'activation'],
  ])
  expect(layers.at(-1)).toMatchObject({ shape: [9, 8, 8] })
})

it('steps have names of their own', () => {
  const layers = layersOf([
    node('Neg', ['map'], 'a', {}, { name: 'act.sigmoid' }),
    node('Swish', ['a'], 'y', { alpha: { float: 2 } }, { name: 'act' }),
  ])
  expect(layers.map(({ name }) => name)).toEqual(['act.sigmoid', 'act_.slope', 'act_.sigmoid', 'act'])
})

it('a swish of slope 1 is one layer', () => {
  expect(layersOf([node('Swish', ['map'], 'y')])).toMatchObject([
    { name: 'y', op: { kind: 'activation', activation: { fn: 'silu' } } },
  ])
})

it.each([
  [
    'keys of earlier calls',
    node('Attention', [...self, '', 'past', 'past'], 'y', heads(2)),
    'node "y" (Attention): it keeps keys of earlier calls, which Urpatch does not compute',
  ],
  [
    'keys that several queries share',
    node('Attention', self, 'y', heads(4, 2)),
    'node "y" (Attention): it has 4 heads of queries and 2 of keys, which Urpatch does not compute',
  ],
  [
    'a mask that the image makes',
    node('Attention', [...self, 'tokens'], 'y', heads(2)),
    'node "y" (Attention): its input 3 depends on the image, which Urpatch does not compute',
  ],
  [
    'a mask for other keys',
    node('Attention', [...self, 'mask'], 'y', heads(2)),
    'node "y" (Attention): its mask of [72, 5] is not for 72 keys',
  ],
  [
    'heads of no whole size',
    node('Attention', self, 'y', heads(3)),
    'node "y" (Attention): it finds no 3 heads in [1, 72, 8]',
  ],
  [
    'an attribute that is not known',
    node('Swish', ['map'], 'y', { strange: { int: 1 } }),
    'layer "y" (Swish) uses strange = 1, which Urpatch does not compute',
  ],
])('refuses %s', (_, last, problem) => {
  const constants = { past: weights(1, 2, 3, 4), mask: weights(72, 5) }
  expect(layersOf([last], constants).at(-1)).toMatchObject({ name: 'y', op: null, problem })
})

it('masks that are computed from constants are constants', () => {
  const layers = layersOf(
    [
      node('ConstantOfShape', ['size'], 'ones', { value: { tensor: { shape: [1], values: [1] } } }),
      node('Trilu', ['ones', 'shift'], 'mask', { upper: { int: 0 } }),
      node('Attention', [...self, 'mask'], 'y', heads(1)),
    ],
    { size: ints(72, 72), shift: int(1) },
  )
  expect(layers.map(({ name }) => name)).toContain('y.masked')
})
