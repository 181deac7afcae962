/** Which kernel a layer gets, by its shape alone. */
import { describe, expect, it } from 'vitest'
import { type ConvolutionSize, kernelFor, kernelsOf } from '../../../src/core/model/convolutionKernels.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

const plain: ConvolutionSize = {
  inChannels: 16,
  outChannels: 16,
  outHeight: 9,
  outWidth: 9,
  kernel: [3, 3],
  strides: [1, 1],
  dilation: [1, 1],
  groups: 1,
}

describe('the rule', () => {
  it.each<[string, Partial<ConvolutionSize>, string]>([
    ['3×3 to a map of 9×9', {}, 'winograd'],
    ['8 rows', { outHeight: 8, outWidth: 38 }, 'winograd'],
    ['8 rows of many channels', { outHeight: 8, outWidth: 38, inChannels: 256, outChannels: 256 }, 'direct'],
    ['9 rows of many channels', { outWidth: 38, inChannels: 256, outChannels: 256 }, 'winograd'],
    ['5 columns', { outHeight: 38, outWidth: 5 }, 'direct'],
    ['few input channels', { inChannels: 15 }, 'direct'],
    ['few output channels', { outChannels: 15 }, 'direct'],
    ['5×5', { kernel: [5, 5] }, 'direct'],
    ['3×1', { kernel: [3, 1] }, 'direct'],
    ['strides', { strides: [2, 2] }, 'direct'],
    ['dilation', { dilation: [1, 2] }, 'direct'],
    ['groups', { groups: 2 }, 'direct'],
  ])('%s', (_, difference, kernel) => {
    expect(kernelFor({ ...plain, ...difference })).toBe(kernel)
  })
})

describe('a layer', () => {
  const conv = (config: object) => spec('Conv2D', 'layer', { filters: 32, kernel_size: 3, ...config })
  it.each([
    ['3×3', conv({}), ['winograd']],
    ['of few channels', conv({ filters: 8 }), ['direct']],
    ['with strides', conv({ strides: 2 }), ['direct']],
    ['1×1', conv({ kernel_size: 1 }), ['1×1']],
    ['1×1 with strides', conv({ kernel_size: 1, strides: 2 }), ['1×1']],
    ['in groups', conv({ groups: 4 }), ['direct']],
    ['with a group for each channel', conv({ groups: 16, filters: 16 }), ['depthwise']],
    ['with a group for each channel, and two filters in each', conv({ groups: 16 }), ['tfjs']],
    ['depthwise', spec('DepthwiseConv2D', 'layer', { kernel_size: 3 }), ['depthwise']],
    [
      'depthwise with a multiplier',
      spec('DepthwiseConv2D', 'layer', { kernel_size: 3, depth_multiplier: 2 }),
      ['tfjs'],
    ],
    ['separable', spec('SeparableConv2D', 'layer', { filters: 8, kernel_size: 3 }), ['depthwise', '1×1']],
    ['transposed', spec('Conv2DTranspose', 'layer', { filters: 8, kernel_size: 3 }), ['tfjs']],
    ['that does not convolve', spec('MaxPooling2D', 'layer'), []],
    ['of a kind that is not known', spec('Conv3D', 'layer'), []],
  ])('%s', (_, layer, kernels) => {
    const network = chain([20, 20, 16], [layer])
    expect(kernelsOf(network, network.layers.at(-1)!)).toEqual(kernels)
  })

  it('that is the input has none', () => {
    const network = chain([20, 20, 16], [])
    expect(kernelsOf(network, network.layers[0]!)).toEqual([])
  })
})
