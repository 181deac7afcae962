import { describe, expect, it } from 'vitest'
import { correlationsOf } from '../../../src/core/scan/correlation.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { sampledMaxima } from '../../../src/core/scan/statistics/sampledMaxima.ts'
import { firesTogether } from '../../../src/state/scan/firesTogether.ts'
import { seeded } from '../../fixtures/random.ts'
import { firstImages, scanned, summary } from '../../fixtures/summaries.ts'

const random = seeded(6)

/** The first channel is in both layers, the second of each is like it. */
const activations = Array.from({ length: 40 }, () => {
  const one = random.next() * 3
  return {
    first: [one, one + random.next(), one / 2 + random.next(), 1, -one],
    second: [random.next(), one + random.next() / 2, one],
  }
})
const results = new Map([
  [
    'first',
    scanned(
      activations.map(({ first }) => first),
      4,
    ),
  ],
  [
    'second',
    scanned(
      activations.map(({ second }) => second),
      4,
    ),
  ],
])

describe('channels that fire together', () => {
  it('are the nearest of the layer and of the others, best first, over all images if there are few', async () => {
    const found = (await firesTogether(results, 'first', 0, 3))!
    // The one that fires on the other images is none of them, though there would be room.
    expect(found.own.map(({ channel }) => channel)).toEqual([1, 2])
    expect(found.others.slice(0, 2).map(({ layer, channel }) => [layer, channel])).toEqual([
      ['second', 2],
      ['second', 1],
    ])
    expect(found.others[0]!.value).toBeCloseTo(1, 12)
    const [first, second] = ['first', 'second'].map((name) => results.get(name)!.of(sampledMaxima, 0)!)
    expect(found.others[1]!.value).toBe(correlationsOf(first!, 0, second!).values[1])
    expect([found.images, found.isExact]).toEqual([40, true])
  })

  it('are told by a sample if there are many images', async () => {
    const many = new LayerResult(2, 1, 4)
    const max = Float32Array.from({ length: 2 * 600 }, () => random.next())
    many.absorb(summary(2, max), firstImages(600))
    expect(await firesTogether(new Map([['many', many]]), 'many', 0, 2)).toMatchObject({
      images: 512,
      isExact: false,
      others: [],
    })
  })

  it('are none for a channel that is the same in all images', async () => {
    expect(await firesTogether(results, 'first', 3, 2)).toMatchObject({ own: [], others: [] })
  })

  it('are not known without the maxima of single images', async () => {
    expect(await firesTogether(results, 'third', 0, 2)).toBeNull()
    const { statistics, ...others } = results.get('first')!.snapshot()
    const older = new LayerResult(5, 1, 4)
    older.restore({ ...others, statistics: { maxima: statistics['maxima']! } })
    expect(await firesTogether(new Map([['first', older]]), 'first', 0, 2)).toBeNull()
  })

  it('are not looked for any more once nobody waits', async () => {
    await expect(firesTogether(results, 'first', 0, 2, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
  })
})
