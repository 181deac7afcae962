/** The kernels that the table of layers tells are those that compute. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { kernelsOf, type LayerKernel } from '../../../src/core/model/convolutionKernels.ts'
import { elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { convolveDepthwise } from '../../../src/engine/backend/kernels/convolution/depthwise.ts'
import { directly } from '../../../src/engine/backend/kernels/convolution/direct.ts'
import { byWinograd } from '../../../src/engine/backend/kernels/convolution/winograd.ts'
import type { Job } from '../../../src/engine/backend/kernels/convolution/job.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

vi.mock(import('../../../src/engine/backend/kernels/convolution/depthwise.ts'), { spy: true })
vi.mock(import('../../../src/engine/backend/kernels/convolution/direct.ts'), { spy: true })
vi.mock(import('../../../src/engine/backend/kernels/convolution/winograd.ts'), { spy: true })

beforeAll(async () => {
  await startBackend('wasm')
})
beforeEach(() => {
  vi.clearAllMocks()
})

/** Our kernels that have computed, one after the other. */
function computed(): LayerKernel[] {
  const calls = [
    ...order(byWinograd, () => 'winograd' as const),
    ...order(directly, ({ shape }) => (shape.kernel.join() === '1,1' ? '1×1' : 'direct')),
    ...order(convolveDepthwise, () => 'depthwise' as const),
  ]
  return calls.toSorted(([a], [b]) => a - b).map(([, kernel]) => kernel)
}

function order(
  kernel: (job: Job, ...rest: never[]) => unknown,
  name: (job: Job) => LayerKernel,
): [number, LayerKernel][] {
  const { calls, invocationCallOrder } = vi.mocked(kernel).mock
  return calls.map(([job], i) => [invocationCallOrder[i]!, name(job)])
}

const conv = (config: object) => spec('Conv2D', 'layer', { filters: 32, kernel_size: 3, ...config })

it.each([
  ['3×3', conv({})],
  ['3×3 with margins', conv({ padding: 'same', activation: 'silu' })],
  ['of few channels', conv({ filters: 8 })],
  ['with strides', conv({ strides: 2 })],
  ['1×1', conv({ kernel_size: 1 })],
  ['1×1 with strides', conv({ kernel_size: 1, strides: 2 })],
  ['in groups', conv({ groups: 4 })],
  ['with a group for each channel', conv({ groups: 16, filters: 16 })],
  ['with a group for each channel, and two filters in each', conv({ groups: 16 })],
  ['depthwise', spec('DepthwiseConv2D', 'layer', { kernel_size: 3, activation: 'relu6' })],
  ['depthwise with a multiplier', spec('DepthwiseConv2D', 'layer', { kernel_size: 3, depth_multiplier: 2 })],
  ['separable', spec('SeparableConv2D', 'layer', { filters: 8, kernel_size: 3 })],
  ['transposed', spec('Conv2DTranspose', 'layer', { filters: 8, kernel_size: 3 })],
])('%s', (_, layer) => {
  const network = chain([20, 20, 16], [layer])
  const random = seeded(7)
  const weights = (index: number): Float32Array[] =>
    (network.layers[index] as SupportedLayer).weights.map(({ shape }) =>
      Float32Array.from({ length: elementCount(shape) }, () => random.next() - 0.5),
    )
  const taps = new TapNetwork(network, weights)
  const input = tf.randomUniform<tf.Rank.R4>([2, 20, 20, 16])
  taps.run(input, new Set([1]), () => {})
  taps.dispose()
  input.dispose()
  const ours = kernelsOf(network, network.layers[1]!).filter((kernel) => kernel !== 'tfjs')
  expect(computed()).toEqual(ours)
})
