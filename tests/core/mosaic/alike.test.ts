import { describe, expect, it } from 'vitest'
import { alikeBelow, alikeGroups, alikeShare, reducedSide } from '../../../src/core/mosaic/alike.ts'
import { seeded } from '../../fixtures/random.ts'

const pixels = reducedSide * reducedSide

type Reduced = readonly (readonly [red: number, green: number, blue: number, alpha: number])[]

function flat(patches: readonly Reduced[]): Uint8ClampedArray {
  return Uint8ClampedArray.from(patches.flat(2))
}

function plain(value: number, alpha = 255): Reduced {
  return Array.from({ length: pixels }, () => [value, value, value, alpha] as const)
}

/** Compares each patch with all that stand for others, number by number. */
function slow(patches: readonly Reduced[]): { rank: number; others: number[] }[] {
  const groups: { rank: number; others: number[] }[] = []
  for (const [rank, patch] of patches.entries()) {
    const home = groups.find((group) => {
      const other = patches[group.rank]!
      if ([...patch, ...other].some(([, , , alpha]) => alpha === 0)) return false
      const differences = patch.flatMap((pixel, i) =>
        [0, 1, 2].map((c) => Math.abs(pixel[c as 0]! - other[i]![c as 0]!)),
      )
      return differences.reduce((sum, one) => sum + one, 0) / differences.length < alikeBelow
    })
    if (home) home.others.push(rank)
    else groups.push({ rank, others: [] })
  }
  return groups
}

describe('patches that look alike', () => {
  it('are those whose reduced pixels differ little in the mean', () => {
    const groups = alikeGroups(flat([plain(100), plain(100 + alikeBelow), plain(101), plain(200)]))
    expect(groups).toEqual([
      { rank: 0, others: [2] },
      { rank: 1, others: [] },
      { rank: 3, others: [] },
    ])
  })

  it('are not those that are alike to another one only', () => {
    // Each is alike to its neighbour, but the third one is not to the first, which stands for the group.
    const step = alikeBelow - 1
    expect(alikeGroups(flat([plain(50), plain(50 + step), plain(50 + 2 * step)]))).toEqual([
      { rank: 0, others: [1] },
      { rank: 2, others: [] },
    ])
  })

  it('are never those that could not be drawn', () => {
    expect(alikeGroups(flat([plain(0, 0), plain(0, 0), plain(0)]))).toHaveLength(3)
  })

  it('are found as by comparing all numbers', () => {
    const random = seeded(5)
    for (let round = 0; round < 20; round++) {
      const originals = Array.from({ length: 4 }, () =>
        Array.from({ length: pixels }, () => [0, 0, 0].map(() => random.int(0, 255))),
      )
      const patches = Array.from({ length: random.int(0, 30) }, (): Reduced => {
        const noise = random.int(0, 14)
        return random.pick(originals).map((pixel) => {
          const [red, green, blue] = pixel.map((value) =>
            Math.min(255, Math.max(0, value + random.int(-noise, noise))),
          )
          return [red!, green!, blue!, random.next() < 0.0005 ? 0 : 255]
        })
      })
      const groups = alikeGroups(flat(patches))
      expect(groups).toEqual(slow(patches))
      expect(groups.flatMap(({ rank, others }) => [rank, ...others]).toSorted((a, b) => a - b)).toEqual([
        ...patches.keys(),
      ])
    }
  })
})

describe('the share of patches that look like a better one', () => {
  const groups = [
    { rank: 0, others: [2, 5] },
    { rank: 1, others: [] },
    { rank: 3, others: [4] },
  ]

  it('counts among the best k, and there is none of a single patch', () => {
    expect([6, 100, 5, 3, 2].map((k) => alikeShare(groups, k))).toEqual([3 / 6, 3 / 6, 2 / 5, 1 / 3, 0])
    expect(alikeShare(groups, 1)).toBeNull()
    expect(alikeShare([], 16)).toBeNull()
  })
})
