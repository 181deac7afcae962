import { describe, expect, it } from 'vitest'
import { checkedK, keptBytes, maxK, TopK, type TopEntry } from '../../../src/core/scan/topK.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

interface Offer extends TopEntry {
  readonly channel: number
}

/** Finds the top k in the slow and obvious way: takes the best of each image and sorts all. */
function sortEverything(offers: readonly Offer[], channel: number, k: number): TopEntry[] {
  const best = new Map<number, TopEntry>()
  for (const { channel: c, image, activation, position } of offers) {
    if (c !== channel || Number.isNaN(activation)) continue
    const known = best.get(image)
    if (!known || activation > known.activation) best.set(image, { image, activation, position })
  }
  return [...best.values()]
    .toSorted((a, b) =>
      a.activation === b.activation ? a.image - b.image : a.activation > b.activation ? -1 : 1,
    )
    .slice(0, k)
}

/** Few distinct values, so that most of them tie. */
const values = [-2, 0, 0.5, Math.fround(0.1), 3, 3, 7.25, NaN, -Infinity, Infinity]

/** The position depends on image and activation, so that a mixed-up entry is noticed. */
function offer(channel: number, image: number, activation: number): Offer {
  return { channel, image, activation, position: image * 100 + values.indexOf(activation) + 1 }
}

function randomOffers(random: Random, channels: number, images: number, count: number): Offer[] {
  return Array.from({ length: count }, () =>
    offer(random.int(0, channels - 1), random.int(0, images - 1), random.pick(values)),
  )
}

function tableOf(offers: readonly Offer[], channels: number, k: number): TopK {
  const table = new TopK(channels, k)
  for (const { channel, image, activation, position } of offers)
    table.offer(channel, image, activation, position)
  return table
}

function rows(table: TopK): TopEntry[][] {
  return Array.from({ length: table.channels }, (_, channel) => table.entries(channel))
}

const channels = 3
const seeds = Array.from({ length: 200 }, (_, seed) => seed)

describe('top k', () => {
  it('holds what sorting everything gives, with ties, NaN, infinities and repeated images', () => {
    for (const seed of seeds) {
      const random = seeded(seed)
      const k = random.int(1, 16)
      const offers = randomOffers(random, channels, random.int(1, 60), random.int(0, 400))
      const expected = Array.from({ length: channels }, (_, channel) => sortEverything(offers, channel, k))
      expect(rows(tableOf(offers, channels, k)), `seed ${seed}`).toEqual(expected)
    }
  })

  it('is the same table whatever the order of the offers', () => {
    for (const seed of seeds) {
      const random = seeded(seed)
      const k = random.int(1, 9)
      const offers = randomOffers(random, channels, 25, 150)
      const expected = rows(tableOf(offers, channels, k))
      expect(rows(tableOf(random.shuffled(offers), channels, k)), `seed ${seed}`).toEqual(expected)
    }
  })

  it('merges two halves to what one pass gives, also where the halves share images', () => {
    for (const seed of seeds) {
      const random = seeded(seed)
      const k = random.int(1, 9)
      const offers = randomOffers(random, channels, 40, 200)
      const cut = random.int(0, offers.length)
      const table = tableOf(offers.slice(0, cut), channels, k)
      table.add(tableOf(offers.slice(cut), channels, k).snapshot())
      expect(rows(table), `seed ${seed}`).toEqual(rows(tableOf(offers, channels, k)))
    }
  })

  it('merging a table with itself changes nothing', () => {
    const table = tableOf(randomOffers(seeded(1), channels, 40, 200), channels, 5)
    const before = rows(table)
    table.add(table.snapshot())
    expect(rows(table)).toEqual(before)
  })

  it('says of each offer whether it holds a place now', () => {
    for (const seed of seeds.slice(0, 50)) {
      const random = seeded(seed)
      const table = new TopK(1, 4)
      for (const { image, activation, position } of randomOffers(random, 1, 12, 80)) {
        const before = table.entries(0)
        const entered = table.offer(0, image, activation, position)
        const changed = JSON.stringify(table.entries(0)) !== JSON.stringify(before)
        expect(entered, `seed ${seed}, image ${image}, activation ${activation}`).toBe(changed)
      }
    }
  })

  it('keeps the smaller image number when two activations tie at the last place', () => {
    const table = tableOf([offer(0, 5, 3), offer(0, 9, 3), offer(0, 7, 3)], 1, 2)
    expect(table.entries(0).map(({ image }) => image)).toEqual([5, 7])
  })

  it('has as many entries as there were images where these are fewer than k', () => {
    const table = tableOf([offer(0, 2, 3), offer(0, 1, 0.5)], 1, 16)
    expect(table.count(0)).toBe(2)
    expect(table.entries(0).map(({ image }) => image)).toEqual([2, 1])
  })

  it('never lets NaN in, but an image with minus infinity is an image', () => {
    const table = tableOf([offer(0, 0, NaN), offer(0, 1, -Infinity)], 1, 4)
    expect(table.entries(0)).toEqual([
      { image: 1, activation: -Infinity, position: offer(0, 1, -Infinity).position },
    ])
  })

  it('gives an image one place, that of its better unit, however often it is offered', () => {
    const table = tableOf([offer(0, 4, 0.5), offer(0, 4, 7.25), offer(0, 4, 3), offer(0, 4, 7.25)], 1, 4)
    expect(table.entries(0)).toEqual([{ image: 4, activation: 7.25, position: offer(0, 4, 7.25).position }])
  })

  it('keeps channels apart', () => {
    const table = tableOf([offer(0, 1, 3), offer(2, 8, 0.5)], 3, 2)
    expect(rows(table).map((row) => row.map(({ image }) => image))).toEqual([[1], [], [8]])
  })

  it('holds 255 entries a channel, the most it promises', () => {
    const table = new TopK(2, 255)
    for (let image = 0; image < 300; image++) table.offer(1, image, image, 0)
    expect(table.count(0)).toBe(0)
    expect(table.entries(1).map(({ image }) => image)).toEqual(Array.from({ length: 255 }, (_, i) => 299 - i))
  })
})

describe('k', () => {
  it.each([1, 16, maxK])('may be %d', (k) => {
    expect(checkedK(k)).toBe(k)
    expect(new TopK(1, k).k).toBe(k)
  })

  it.each([0, -1, 256, 1e9, 1.5, NaN, Infinity, '16', null, undefined, [4]])('may not be %s', (k) => {
    const refused = expect.objectContaining({
      code: 'setting/unknown',
      message: `The setting k=${String(k)} does not exist. Allowed: whole numbers from 1 to 255.`,
    }) as unknown
    expect(() => checkedK(k)).toThrow(refused as Error)
    expect(() => new TopK(1, k as number)).toThrow(refused as Error)
  })
})

it('tells what the highest and the lowest take before they are there', () => {
  for (const [many, k] of [
    [64, 25],
    [2048, 100],
  ] as const)
    expect(keptBytes(many, k)).toBe(2 * new TopK(many, k).bytes)
})
