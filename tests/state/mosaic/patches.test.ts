/** What is drawn of a patch: its box, or the seat of a unit that sees the whole image. */
import { expect, it } from 'vitest'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import type { ReadableResult } from '../../../src/core/scan/statistics/statistic.ts'
import { patchesAt, requestsOf } from '../../../src/state/mosaic/patches.ts'
import type { OpenModel } from '../../../src/state/model/openModel.ts'
import { ints, node, onnxModel, weights } from '../../fixtures/onnxWriter.ts'

/** Patches of 3×3 pixels, whose tokens attend to each other. */
const { network } = onnxNetwork(
  onnxModel({
    inputs: { image: [1, 3, 9, 12] },
    nodes: [
      node('Conv', ['image', 'w'], 'stem', { strides: { ints: [3, 3] } }),
      node('Reshape', ['stem', 'flat'], 'k'),
      node('Transpose', ['k'], 'q', { perm: { ints: [0, 2, 1] } }),
      node('MatMul', ['q', 'k'], 'scores'),
      node('MatMul', ['scores', 'q'], 'mixed'),
      node('Relu', ['mixed'], 'y'),
    ],
    constants: { w: weights(4, 3, 3, 3), flat: ints(1, 4, 12) },
  }),
  { inputSize: null },
)
const model = { network } as unknown as OpenModel
const found: ReturnType<ReadableResult['top']> = [{ image: 7, activation: 1, position: 6 }]

it('the box of a unit that sees its patch only', () => {
  const patches = patchesAt(model, 'stem', found)
  expect(patches).toEqual([{ image: 7, activation: 1, unit: [1, 2], box: [3, 6, 6, 9] }])
  expect(requestsOf(patches, network.inputShape, false)).toEqual([{ image: 7, box: [3, 6, 6, 9] }])
})

it('the seat of a unit that sees the whole image', () => {
  const patches = patchesAt(model, 'y', found)
  expect(patches).toEqual([{ image: 7, activation: 1, unit: [1, 2], box: [0, 0, 9, 12], seat: [3, 6, 6, 9] }])
  for (const toEdge of [false, true])
    expect(requestsOf(patches, network.inputShape, toEdge)).toEqual([{ image: 7, box: [3, 6, 6, 9] }])
})
