import { describe, expect, it } from 'vitest'
import {
  entriesAtLevel,
  knownEntries,
  type Level,
  type PatchFilter,
  passes,
} from '../../../src/core/mosaic/knownPatches.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { seeded } from '../../fixtures/random.ts'
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
    // The whole sample of 80, and those of the ends that are not in it.
    expect(known.length).toBeGreaterThanOrEqual(80)
    for (const { image, activation } of known) expect(activation).toBe(values[image])
  })

  it('are none of a dead channel', () => {
    const result = new LayerResult(1, 1, 4)
    const zeros = new Float32Array(9)
    result.absorb(summary(1, zeros, { min: zeros }), firstImages(9))
    expect(knownEntries(result, 0, 4)).toEqual([])
  })
})

describe('the patches at a level', () => {
  const random = seeded(7)
  const known = Array.from({ length: 90 }, (_, image) => ({
    image,
    // Some are equal, many are 0.
    activation: image % 3 === 0 ? 0 : Math.round(random.next() * 40) / 4 - 2,
    position: 0,
  }))

  /** Puts one after the other in: the nearest of what is left. */
  function slow({ from, to, end }: Level, count: number): number[] {
    const middle = end === null ? (from + to) / 2 : end === 'top' ? 1e9 : -1e9
    const left = known.toSorted((a, b) => a.activation - b.activation || a.image - b.image)
    const taken: typeof known = []
    while (taken.length < count && left.length > 0) {
      let best = 0
      for (const [i, { activation }] of left.entries())
        if (Math.abs(activation - middle) < Math.abs(left[best]!.activation - middle)) best = i
      taken.push(...left.splice(best, 1))
    }
    return taken
      .toSorted((a, b) => a.activation - b.activation || a.image - b.image)
      .map(({ image }) => image)
  }

  it.each([
    { from: 1, to: 1.125, end: null },
    { from: 4, to: 4.5, end: null },
    { from: -0.5, to: -0.4375, end: null },
    { from: -(2 ** -24), to: 2 ** -24, end: null },
    { from: -2, to: -1.75, end: 'lowest' },
    { from: 7, to: 8, end: 'top' },
  ] as const)('from $from to $to are the nearest that are known, lowest first', (level) => {
    for (const count of [0, 1, 2, 7, 20, 90, 500])
      expect(entriesAtLevel(known, level, count).map(({ image }) => image)).toEqual(slow(level, count))
  })
})
