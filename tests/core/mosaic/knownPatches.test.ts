import { describe, expect, it } from 'vitest'
import { knownEntries, type PatchFilter, passes } from '../../../src/core/mosaic/knownPatches.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

const classOf = Int32Array.of(0, 1, -1)

function entry(image: number, activation: number) {
  return { image, activation }
}

describe('a filter of patches', () => {
  it('of a class lets its images through', () => {
    const filter: PatchFilter = { kind: 'class', classNumber: 1 }
    expect([0, 1, 2].map((image) => passes(filter, entry(image, 5), classOf))).toEqual([false, true, false])
  })

  it('of a bar has the edges of its bins', () => {
    const inside = (from: number, to: number, values: readonly number[]): boolean[] =>
      values.map((value) => passes({ kind: 'range', from, to }, entry(0, value), classOf))
    expect(inside(1, 2, [0.99, 1, 1.99, 2])).toEqual([false, true, true, false])
    expect(inside(-2, -1, [-2, -1.99, -1, -0.99])).toEqual([false, true, true, false])
    expect(inside(-0.5, 0.5, [-0.5, 0, 0.49, 0.5])).toEqual([false, true, true, false])
  })
})

describe('the known patches of a channel', () => {
  it('are the best, the lowest and the sample, each image once, highest first', () => {
    const images = 200
    const values = Float32Array.from({ length: images }, (_, image) => 1 + ((image * 37) % images))
    const result = new LayerResult(1, 1, 4)
    result.absorb(summary(1, values, { min: values }), firstImages(images))
    const known = knownEntries(result, 0, 4)
    const activations = known.map(({ activation }) => activation)
    expect(activations).toEqual(activations.toSorted((a, b) => b - a))
    expect(activations.slice(0, 4)).toEqual([200, 199, 198, 197])
    expect(activations.slice(-4)).toEqual([4, 3, 2, 1])
    expect(new Set(known.map(({ image }) => image)).size).toBe(known.length)
    expect(known.length).toBeGreaterThan(20)
    for (const { image, activation } of known) expect(activation).toBe(values[image])
  })

  it('are none of a dead channel', () => {
    const result = new LayerResult(1, 1, 4)
    const zeros = new Float32Array(9)
    result.absorb(summary(1, zeros, { min: zeros }), firstImages(9))
    expect(knownEntries(result, 0, 4)).toEqual([])
  })
})
