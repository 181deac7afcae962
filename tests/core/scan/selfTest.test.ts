import { describe, expect, it } from 'vitest'
import {
  type Comparison,
  compareExtremes,
  type Extremes,
  probedLayers,
  toleranceOf,
} from '../../../src/core/scan/selfTest.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

function layer(number: number, max: number[], min: number[]): Extremes {
  return { layer: number, max: Float32Array.from(max), min: Float32Array.from(min) }
}

const tolerance = 1e-3

function compared(found: readonly Extremes[], expected: readonly Extremes[]): Comparison {
  return compareExtremes(found, expected, tolerance)
}

const reference = [layer(2, [1, 4], [0, -2]), layer(5, [200, 50], [-1, 0])]

describe('compareExtremes', () => {
  it('finds no difference between equals', () => {
    expect(compared(reference, reference)).toEqual({ error: 0, first: null })
  })

  it('is relative to the largest activation of each layer', () => {
    const found = [layer(2, [1, 4.002], [0, -2]), layer(5, [200, 50.1], [-1, 0])]
    const { error, first } = compared(found, reference)
    expect(error).toBeCloseTo(0.0005, 6)
    expect(first).toBeNull()
  })

  it('names the first layer beyond the tolerance, not the worst', () => {
    const found = [layer(2, [1, 4], [0, -2.02]), layer(5, [220, 50], [-1, 0])]
    const { error, first } = compared(found, reference)
    expect(first!.layer).toBe(2)
    expect(first!.error).toBeCloseTo(0.005, 6)
    expect(error).toBeCloseTo(0.1, 6)
    expect(first!.error).toBeGreaterThan(tolerance)
  })

  it('takes what is not finite on one side for the largest difference there is', () => {
    const nothing = [layer(0, [-Infinity], [Infinity])]
    expect(compared(nothing, nothing)).toEqual({ error: 0, first: null })
    for (const found of [layer(0, [1], [Infinity]), layer(0, [NaN], [NaN])])
      expect(compared([found], nothing).error).toBe(Infinity)
    const overflow = [layer(0, [Infinity, 1], [0, 0])]
    expect(compared(overflow, [layer(0, [70_000, 1], [0, 0])]).first).toEqual({
      layer: 0,
      error: Infinity,
    })
  })

  it('compares layers of zeros', () => {
    const zeros = [layer(0, [0], [0])]
    expect(compared([layer(0, [1e-5], [0])], zeros).first).toBeNull()
    expect(compared([layer(0, [0.5], [0])], zeros).first).toEqual({ layer: 0, error: 0.5 })
  })

  it('compares some of the layers', () => {
    const found = [layer(5, [220, 50], [-1, 0])]
    expect(compared(found, reference).first).toEqual({ layer: 5, error: expect.closeTo(0.1, 6) as number })
  })

  it('refuses layers that the reference lacks', () => {
    expect(() => compared(reference, [])).toThrow(RangeError)
  })
})

describe('the tolerance', () => {
  it('is finer on WASM than on graphics cards, which may have half floats only', () => {
    expect(toleranceOf('wasm')).toBeLessThan(toleranceOf('webgl'))
    expect(toleranceOf('webgl')).toBeGreaterThan(2 ** -11)
  })
})

describe('the probed layers', () => {
  const network = chain(
    [8, 8, 3],
    [
      spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }),
      spec('BatchNormalization', 'norm'),
      spec('ReLU', 'relu'),
      spec('ZeroPadding2D', 'pad'),
      spec('DepthwiseConv2D', 'depthwise', { kernel_size: 3 }),
      spec('MaxPooling2D', 'pool'),
      spec('Flatten', 'flat'),
      spec('Dense', 'dense', { units: 2 }),
    ],
  )
  const names = (taps: 'all' | 'ends'): string[] =>
    probedLayers(network, taps).map((i) => network.layers[i]!.name)

  it('are all that can be scanned', () => {
    expect(names('all')).toEqual(['conv', 'norm', 'relu', 'pad', 'depthwise', 'pool', 'dense'])
  })

  it('or those that nothing is folded over', () => {
    expect(names('ends')).toEqual(['relu', 'pad', 'depthwise', 'pool', 'dense'])
  })
})
