import { expect, it } from 'vitest'
import { contributionsOf, productsOf, sumTolerance } from '../../../src/core/reasons/contributions.ts'
import { type LinearPart, linearPartOf } from '../../../src/core/reasons/lineage.ts'
import { chain, layerIndex, spec } from '../../fixtures/kerasModels.ts'

const network = chain(
  [6, 6, 2],
  [spec('Conv2D', 'conv', { filters: 1, kernel_size: 3 }), spec('BatchNormalization', 'norm')],
)
const last = layerIndex(network, 'norm')
const part = linearPartOf(network, last, 0) as LinearPart

/** A kernel that takes the mean of eight neighbours from a pixel of the first channel, and adds a little of the second. */
const kernel = Float32Array.from({ length: 18 }, (_, i) => (i % 2 === 1 ? 1e-3 : i === 8 ? 1 : -1 / 8))
const [gamma, beta, mean, variance] = [2, 0.5, 0.25, 1].map((value) => Float32Array.of(value))
const arrays = (layer: number): Float32Array[] =>
  layer === last ? [gamma!, beta!, mean!, variance!] : [kernel, Float32Array.of(0.25)]

/** Takes the unit of the third row and second column apart. */
function takenApart(read: (element: number) => number) {
  const products = productsOf(network, part, arrays, 2 * 4 + 1)
  return contributionsOf(network, part, arrays, products, (_, element) => read(element))
}

it('sum to the value, and have a size that knows of what cancels within a channel', () => {
  const taken = takenApart((element) => (element % 2 === 0 ? 1000 : 1))
  const factor = 2 / Math.sqrt(1.001)
  expect(taken.terms.map(({ channel }) => channel)).toEqual([0, 1])
  const [flat, small] = taken.terms.map(({ value }) => value)
  expect(flat).toBeCloseTo(0, 9)
  expect(small).toBeCloseTo(9e-3 * factor, 6)
  expect(taken.value).toBeCloseTo(flat! + small! + taken.bias, 12)
  expect(taken.size).toBeCloseTo((2000 + 9e-3) * factor + Math.abs(taken.bias), 3)
})

it('may be off by 1e-5 of the largest term, or by four roundings of their size if that is more', () => {
  const term = (value: number) => ({ layer: 0, channel: 0, value })
  expect(sumTolerance({ terms: [term(-3), term(2)], bias: 1, size: 6 })).toBeCloseTo(3e-5, 12)
  expect(sumTolerance({ terms: [term(1)], bias: -4, size: 5 })).toBeCloseTo(4e-5, 12)
  const cancelled = { terms: [term(1)], bias: 0, size: 721 }
  expect(sumTolerance(cancelled)).toBe((4 * 721) / 2 ** 24)
  expect(sumTolerance(cancelled, 2)).toBe((8 * 721) / 2 ** 24)
  expect(sumTolerance({ terms: [], bias: 0, size: 0 })).toBe(0)
})
