import { describe, expect, it } from 'vitest'
import { readableNames } from '../../../../src/core/model/tensorflow/graphNames.ts'

describe('readableNames', () => {
  it.each([
    ['StatefulPartitionedCall/sequential_1/conv2d_1/Relu', 'conv2d_1'],
    ['StatefulPartitionedCall/model/block_3_expand/Conv2D', 'block_3_expand'],
    ['functional_7/batch_normalization/FusedBatchNormV3', 'batch_normalization'],
    ['MobilenetV1/MobilenetV1/Conv2d_0/Relu6', 'MobilenetV1/MobilenetV1/Conv2d_0'],
    ['model_1/separable_conv2d_1/separable_conv2d/depthwise', 'separable_conv2d_1/separable_depthwise'],
    ['input_1', 'input_1'],
    ['Relu', 'Relu'],
    ['model/Relu', 'Relu'],
  ])('%s is called %s', (node, name) => {
    expect(readableNames([node])).toEqual([name])
  })

  it('keeps what tells nodes of one layer apart', () => {
    const nodes = ['model/conv/Conv2D', 'model/conv/BiasAdd', 'model/other/Relu', 'model/conv_2/Relu']
    expect(readableNames(nodes)).toEqual(['conv/Conv2D', 'conv/BiasAdd', 'other', 'conv_2'])
  })

  it('keeps the scope where two parts of a network share a name', () => {
    const nodes = ['model/conv/Relu', 'model_1/conv/Relu', 'conv']
    expect(readableNames(nodes)).toEqual(nodes)
  })
})
