import { describe, expect, it } from 'vitest'
import { ChannelRange } from '../../../src/core/scan/channelRange.ts'
import type { ChannelSummary } from '../../../src/core/scan/channelSummary.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { scanOrder } from '../../../src/core/scan/scanOrder.ts'
import { activity } from '../../../src/core/scan/statistics/activity.ts'
import { histogram } from '../../../src/core/scan/statistics/histogram.ts'
import { statistics } from '../../../src/core/scan/statistics/index.ts'
import { lowest } from '../../../src/core/scan/statistics/lowest.ts'
import { maxima } from '../../../src/core/scan/statistics/maxima.ts'
import type { TopEntry } from '../../../src/core/scan/topK.ts'
import { type Random, seeded } from '../../fixtures/random.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

/** The activations of one image, `[channels][units]`. */
type Map2 = readonly (readonly number[])[]

const units = 5
const ties = [-1.5, 0, 0.25, 1, 2].map(Math.fround)

/** The kinds of channels in a test layer. */
const kinds: readonly ((random: Random, image: number) => number)[] = [
  (random) => Math.fround(random.next() * 2 - 1),
  (random) => random.pick(ties),
  () => 0,
  () => -3.5,
  (random) => (random.next() < 0.1 ? NaN : random.pick(ties)),
  () => NaN,
  (_, image) => (image === 3 ? 1 : 0),
  (random) => (random.next() < 0.2 ? random.pick([Infinity, -Infinity, -0, 0]) : random.next() * 1e30),
]

function randomImages(random: Random, count: number): Map2[] {
  return Array.from({ length: count }, (_, image) =>
    kinds.map((kind) => Array.from({ length: units }, () => kind(random, image))),
  )
}

interface Reduced {
  readonly max: number
  readonly position: number
  readonly min: number
  readonly nan: number
  readonly active: number
}

/** One image, reduced over space as `ChannelSummary` says. */
function reduced(values: readonly number[]): Reduced {
  const numbers = values.filter((value) => !Number.isNaN(value))
  const max = Math.max(-Infinity, ...numbers)
  return {
    max,
    position: Math.max(0, values.indexOf(max)),
    min: Math.min(Infinity, ...numbers),
    nan: numbers.length < values.length ? 1 : 0,
    active: numbers.filter((value) => value > 0).length,
  }
}

function summaryOf(images: readonly Map2[], batch: Int32Array): ChannelSummary {
  const rows = Array.from(batch, (image) => images[image]!.map(reduced)).flat()
  return summary(
    kinds.length,
    rows.map(({ max }) => max),
    {
      position: Uint32Array.from(rows, ({ position }) => position),
      min: Float32Array.from(rows, ({ min }) => min),
      nan: Uint8Array.from(rows, ({ nan }) => nan),
      active: Uint32Array.from(rows, ({ active }) => active),
    },
  )
}

/** Computes a channel in the slow and obvious way: from all values at once, as float32. */
function oracle(given: readonly Map2[], channel: number, k: number) {
  const images = given.map((image) => image.map((values) => values.map(Math.fround)))
  const all = images.flatMap((image) => image[channel]!)
  const dead = all.length > 0 && all.every((value) => value === all[0])
  const sorted: TopEntry[] = images
    .map((image, n) => ({ image: n, ...reduced(image[channel]!) }))
    .filter(({ max }) => max > -Infinity)
    .toSorted((a, b) => b.max - a.max || a.image - b.image)
    .map(({ image, max, position }) => ({ image, activation: max, position }))
  const numbers = all.filter((value) => !Number.isNaN(value))
  return {
    dead,
    // Zero has no sign here.
    range: [Math.min(Infinity, ...numbers) + 0, Math.max(-Infinity, ...numbers) + 0],
    top: dead ? [] : sorted.slice(0, k),
    lowest: dead
      ? []
      : sorted.toSorted((a, b) => a.activation - b.activation || a.image - b.image).slice(0, k),
    ...momentsOf(sorted.map(({ activation }) => activation).filter(Number.isFinite)),
    infinite: sorted.filter(({ activation }) => activation === Infinity).length,
    active: [
      sorted.filter(({ activation }) => activation > 0).length,
      all.filter((value) => value > 0).length,
    ],
    nanImages: images.filter((image) => image[channel]!.some(Number.isNaN)).length,
  }
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const scatter = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { images: values.length, mean: shortened(mean), standardDeviation: shortened(Math.sqrt(scatter)) }
}

/** The digits that a plain float64 computation is sure of; null if there is no value. */
function shortened(value: number | null): string | null {
  return value === null || Number.isNaN(value) ? null : value.toPrecision(9)
}

function batches(random: Random, images: readonly number[]): Int32Array[] {
  const result: Int32Array[] = []
  for (let at = 0; at < images.length;) {
    const size = random.int(1, 9)
    result.push(Int32Array.from(random.shuffled(images.slice(at, at + size))))
    at += size
  }
  return result
}

/** Scans in batches of random size, whose reports come in random order. */
function scan(random: Random, images: readonly Map2[], k: number): LayerResult {
  const result = new LayerResult(kinds.length, units, k)
  for (const batch of random.shuffled(batches(random, random.shuffled([...images.keys()]))))
    result.absorb(summaryOf(images, batch), batch)
  return result
}

function statisticsOf(result: LayerResult, channel: number) {
  const { images, mean, standardDeviation } = result.of(maxima, channel)!
  const { activeImages, activeUnits } = result.of(activity, channel)!
  const { bins, infinite } = result.of(histogram, channel)!
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(images)
  return {
    images,
    mean: shortened(mean),
    standardDeviation: shortened(standardDeviation),
    infinite,
    active: [activeImages, activeUnits],
  }
}

describe('a scan in batches', () => {
  it('finds, in any order, what one look at everything finds', () => {
    for (let seed = 0; seed < 150; seed++) {
      const random = seeded(seed)
      const k = random.int(1, 16)
      const images = randomImages(random, random.int(2, 60))
      const result = scan(random, images, k)
      const found = kinds.map((_, channel) => ({
        dead: result.isDead(channel),
        range: [result.range.lowest[channel], result.range.highest[channel]],
        top: result.top(channel, 16),
        nanImages: result.range.nanImages[channel]!,
        lowest: result.of(lowest, channel),
        ...statisticsOf(result, channel),
      }))
      expect(found, `seed ${seed}`).toEqual(kinds.map((_, channel) => oracle(images, channel, k)))
      expect(result.scanned).toBe(images.length)
    }
  })

  it('is the same to the last bit in whatever order and batches images come', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seeded(seed)
      const images = randomImages(random, random.int(2, 150))
      const first = scan(random, images, 5).snapshot()
      for (let i = 0; i < 3; i++) expect(scan(random, images, 5).snapshot(), `seed ${seed}`).toEqual(first)
    }
  })

  it('is the same to the last bit in the shuffled order of a scan and in that of the images', () => {
    for (const count of [17, 150]) {
      const images = randomImages(seeded(count), count)
      const classes = { count: 3, of: Int32Array.from(images, (_, n) => n % 3) }
      const inOrder = firstImages(count)
      const shuffled = Int32Array.from(scanOrder(Uint32Array.from(inOrder)))
      expect(shuffled).not.toEqual(inOrder)
      const [first, second] = [inOrder, shuffled].map((order) => {
        const result = new LayerResult(kinds.length, units, 5, classes)
        for (let at = 0; at < count; at += 16) {
          const batch = order.subarray(at, at + 16)
          result.absorb(summaryOf(images, batch), batch)
        }
        return result.snapshot()
      })
      expect(second).toEqual(first)
    }
  })

  it('is the same in parts, of which each counts the rows that it has taken in', () => {
    const random = seeded(7)
    const channels = 1000
    const values = Float32Array.from({ length: 70 * channels }, () => random.next())
    const batch = summary(channels, values)
    const whole = new LayerResult(channels, 1, 3)
    whole.absorb(batch, firstImages(70))
    const inParts = new LayerResult(channels, 1, 3)
    const counts: number[] = []
    const parts = inParts.absorbInParts(batch, firstImages(70))
    while (!parts.next().done) counts.push(inParts.scanned)
    expect(counts).toEqual([65])
    expect(inParts.snapshot()).toEqual(whole.snapshot())
  })

  it('counts images, and channels with NaN', () => {
    const images = randomImages(seeded(3), 40)
    const result = scan(seeded(4), images, 4)
    const expected = kinds.map((_, channel) => oracle(images, channel, 4).nanImages)
    expect(expected[4]).toBeGreaterThan(0)
    expect(expected[5]).toBe(40)
    expect([...result.range.nanImages]).toEqual(expected)
    expect(result.nanChannels).toBe(2)
  })
})

describe('newcomers', () => {
  it('are the images of the last batch that have entered the top of any channel', () => {
    const result = new LayerResult(2, 1, 1)
    const take = (values: readonly number[], images: readonly number[]): number[] => {
      result.absorb(summary(2, Float32Array.from(values)), Int32Array.from(images))
      return [...result.newcomers].toSorted((a, b) => a - b)
    }
    expect(take([1, 5, 2, 1, 0, 0], [4, 5, 6])).toEqual([4, 5])
    expect(take([2, 5, 0, 6], [7, 8])).toEqual([8])
    expect(take([1, 1], [9])).toEqual([])
  })
})

/** A result of one channel with one unit per image. */
function single(activations: readonly number[]): ChannelSummary {
  return summary(1, activations, { min: Float32Array.from(activations) })
}

function absorb(result: LayerResult, activations: readonly number[], images: readonly number[]): void {
  result.absorb(single(activations), Int32Array.from(images))
}

describe('an image of nothing but NaN', () => {
  it('has no place in the top', () => {
    const result = new LayerResult(1, 4, 2)
    const batch = summary(1, [-Infinity, 1], {
      min: Float32Array.of(Infinity, 0),
      nan: Uint8Array.of(1, 0),
      position: Uint32Array.of(0, 2),
    })
    result.absorb(batch, firstImages(2))
    expect(result.top(0, 16)).toEqual([{ image: 1, activation: 1, position: 2 }])
    expect(result.range.nanImages[0]).toBe(1)
  })
})

describe('a stored result', () => {
  it('goes on as if it had never been away', () => {
    const random = seeded(8)
    const images = randomImages(random, 50)
    const all = batches(random, [...images.keys()])
    const whole = new LayerResult(kinds.length, units, 5)
    const first = new LayerResult(kinds.length, units, 5)
    for (const batch of all) whole.absorb(summaryOf(images, batch), batch)
    for (const batch of all.slice(0, 4)) first.absorb(summaryOf(images, batch), batch)
    const stored = structuredClone(first.snapshot())
    // A snapshot is a copy: later images do not change it.
    first.absorb(summaryOf(images, all[4]!), all[4]!)
    const second = new LayerResult(kinds.length, units, 5)
    second.restore(stored)
    for (const batch of all.slice(4)) second.absorb(summaryOf(images, batch), batch)
    expect(second.snapshot()).toEqual(whole.snapshot())
  })

  it('of shards of the images makes the same as one pass over all of them', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed)
      const images = randomImages(random, 90)
      const classes = { count: 3, of: Int32Array.from(images, () => random.int(-1, 2)) }
      const empty = (): LayerResult => new LayerResult(kinds.length, units, 5, classes)
      const shards = Array.from({ length: 3 }, empty)
      const whole = empty()
      for (const batch of batches(random, [...images.keys()])) {
        whole.absorb(summaryOf(images, batch), batch)
        random.pick(shards).absorb(summaryOf(images, batch), batch)
      }
      const merged = empty()
      for (const shard of shards) merged.restore(structuredClone(shard.snapshot()))
      expect(merged.snapshot(), `seed ${seed}`).toEqual(whole.snapshot())
    }
  })

  it('of more patches is taken in as far as fewer are kept', () => {
    const images = randomImages(seeded(5), 60)
    const scanned = (kept: number): LayerResult => {
      const result = new LayerResult(kinds.length, units, kept)
      result.absorb(summaryOf(images, firstImages(60)), firstImages(60))
      return result
    }
    const few = new LayerResult(kinds.length, units, 4)
    few.restore(scanned(25).snapshot())
    expect(few.snapshot()).toEqual(scanned(4).snapshot())
  })

  it('makes statistics unknown that were not counted for all images, or in another version', () => {
    const images = randomImages(seeded(6), 30)
    const scanned = (): LayerResult => {
      const result = new LayerResult(kinds.length, units, 4, { count: 2, of: new Int32Array(30) })
      result.absorb(summaryOf(images, firstImages(30)), firstImages(30))
      return result
    }
    const snapshot = scanned().snapshot()
    for (const { id, counted } of statistics) {
      if (!counted) continue
      const { [id]: left, ...others } = snapshot.statistics
      for (const kept of [others, { ...others, [id]: { ...left!, version: counted.version - 1 } }]) {
        const result = scanned()
        result.restore({ ...snapshot, statistics: kept })
        expect(result.scanned).toBe(60)
        expect(result.top(0, 4)).toHaveLength(4)
        // It stays unknown in whatever takes this in.
        const again = scanned()
        again.restore(structuredClone(result.snapshot()))
        for (const known of [result, again])
          for (const one of statistics.filter((other) => other.counted && other.id !== 'maxima'))
            expect(known.of(one, 0) === null, one.id).toBe(one.id === id)
        // What another statistic tells is unknown without it.
        for (const known of [result, again])
          expect(known.of(maxima, 0) === null).toBe(id === 'maxima' || id === 'histogram')
      }
    }
  })

  it('is refused by a result of another layer, or of more patches than it has', () => {
    const snapshot = new LayerResult(3, 1, 5).snapshot()
    const classes = { count: 2, of: new Int32Array(9) }
    expect(() => new LayerResult(4, 1, 5).restore(snapshot)).toThrow(RangeError)
    expect(() => new LayerResult(3, 1, 6).restore(snapshot)).toThrow(RangeError)
    expect(() => new LayerResult(3, 2, 5).restore(snapshot)).toThrow(RangeError)
    expect(() => new LayerResult(3, 1, 5, classes).restore(snapshot)).toThrow(RangeError)
  })
})

describe('the memory of a result', () => {
  it('does not grow with the images', () => {
    const random = seeded(2)
    const result = new LayerResult(kinds.length, units, 5, { count: 2, of: Int32Array.of(0, 1) })
    const images = randomImages(random, 300)
    const absorbAll = (): void => {
      const all = firstImages(images.length)
      result.absorb(summaryOf(images, all), all)
    }
    expect(result.bytes).toBeGreaterThan(0)
    absorbAll()
    const { bytes } = result
    for (let i = 0; i < 20; i++) absorbAll()
    expect(result.bytes).toBe(bytes)
  })
})

describe('the version of a channel', () => {
  it('grows when its top k changes, and only then', () => {
    const result = new LayerResult(1, 1, 2)
    absorb(result, [1, 2], [0, 1])
    const first = result.versions[0]!
    expect(first).toBeGreaterThan(0)
    absorb(result, [0.5, 0.75], [2, 3])
    expect(result.versions[0]).toBe(first)
    absorb(result, [3], [4])
    expect(result.versions[0]).toBeGreaterThan(first)
  })

  it('grows with what is shown of the top, and not with what is kept behind it', () => {
    const result = new LayerResult(1, 1, 4)
    result.show(2)
    absorb(result, [5, 4, 1], [0, 1, 2])
    const first = result.versions[0]!
    absorb(result, [3, 2], [3, 4])
    expect(result.top(0, 4).map(({ image }) => image)).toEqual([0, 1, 3, 4])
    expect(result.versions[0]).toBe(first)
    expect(result.newcomers.size).toBe(0)
    absorb(result, [4.5], [5])
    expect(result.versions[0]).toBe(first + 1)
    expect([...result.newcomers]).toEqual([5])
  })

  it('grows when more is shown than before, which may have changed unseen, but not when less is', () => {
    const result = new LayerResult(1, 1, 4)
    result.show(1)
    absorb(result, [5, 4], [0, 1])
    const first = result.versions[0]!
    result.show(2)
    const second = result.versions[0]!
    expect(second).toBeGreaterThan(first)
    absorb(result, [4.5], [2])
    expect(result.versions[0]).toBeGreaterThan(second)
    const third = result.versions[0]!
    result.show(1)
    result.show(1)
    expect(result.versions[0]).toBe(third)
  })

  it('grows with the first images, also where they make nothing but NaN', () => {
    const result = new LayerResult(1, 4, 2)
    result.absorb(
      { ...single([-Infinity]), min: Float32Array.of(Infinity), nan: Uint8Array.of(1) },
      firstImages(1),
    )
    expect(result.versions[0]).toBeGreaterThan(0)
  })

  it('grows when a channel turns out to be dead though the image has no place', () => {
    const result = new LayerResult(1, 1, 1)
    absorb(result, [1], [0])
    expect(result.top(0, 16)).toHaveLength(1)
    const alive = result.versions[0]!
    absorb(result, [1], [1])
    expect(result.top(0, 16)).toEqual([])
    expect(result.versions[0]).toBeGreaterThan(alive)
  })

  it('grows when a dead channel turns out to be alive though the new value has no place', () => {
    const result = new LayerResult(1, 1, 2)
    absorb(result, [1, 1], [0, 1])
    expect(result.top(0, 16)).toEqual([])
    const dead = result.versions[0]!
    absorb(result, [0.5], [2])
    expect(result.top(0, 16).map(({ image }) => image)).toEqual([0, 1])
    expect(result.versions[0]).toBeGreaterThan(dead)
  })

  it('grows once for a channel that comes alive, in whichever batch that is', () => {
    const result = new LayerResult(2, 1, 2)
    const versions = (): number[] => [...result.versions]
    /** One value for each of the two channels, image by image. */
    const take = (values: readonly number[], images: Int32Array): void =>
      result.absorb(summary(2, values, { min: Float32Array.from(values) }), images)
    take([1, 1, 1, 1], firstImages(2))
    const [first, second] = versions() as [number, number]
    take([0.5, 1], Int32Array.of(2))
    expect(versions()).toEqual([first + 1, second])
    take([0.5, 0.5], Int32Array.of(3))
    expect(versions()).toEqual([first + 1, second + 1])
    take([0.5, 0.5], Int32Array.of(4))
    expect(versions()).toEqual([first + 1, second + 1])
  })
})

describe('a dead channel', () => {
  /** One channel after a scan; each image has one value in all of its units, and NaN where `nan` says so. */
  function constant(unitCount: number, values: readonly number[], nan: readonly number[] = []): LayerResult {
    const result = new LayerResult(1, unitCount, 4)
    const batch = { ...single(values), nan: Uint8Array.from(values, (_, i) => nan[i] ?? 0) }
    if (values.length > 0) result.absorb(batch, firstImages(values.length))
    return result
  }

  it('is none before the first image', () => {
    expect(constant(9, []).isDead(0)).toBe(false)
  })

  it('is none of a single unit of a single image, which is a patch like any other', () => {
    const result = constant(1, [0])
    expect(result.isDead(0)).toBe(false)
    expect(result.top(0, 16)).toEqual([{ image: 0, activation: 0, position: 0 }])
  })

  it.each([
    ['all units of one image', constant(2, [0])],
    ['the unit of all images', constant(1, [-2, -2])],
    ['all units of all images', constant(4, [3, 3, 3])],
  ])('has one value, be it zero or not, in %s', (_, result) => {
    expect(result.isDead(0)).toBe(true)
    expect(result.top(0, 16)).toEqual([])
  })

  it('is none where a unit was NaN, nor where all were', () => {
    const result = constant(4, [3, 3, 3], [0, 1])
    expect(result.isDead(0)).toBe(false)
    expect(result.top(0, 16).map(({ image }) => image)).toEqual([0, 1, 2])
    const all = new LayerResult(1, 4, 4)
    const nothingElse = {
      ...single([-Infinity]),
      min: Float32Array.of(Infinity),
      nan: Uint8Array.of(1),
    }
    all.absorb(nothingElse, firstImages(1))
    expect(all.isDead(0)).toBe(false)
    expect(all.top(0, 16)).toEqual([])
  })

  it('comes alive with the first NaN, and is drawn anew', () => {
    const result = constant(4, [3, 3])
    const dead = result.versions[0]!
    const withNan = { ...single([3]), nan: Uint8Array.of(1) }
    result.absorb(withNan, Int32Array.of(2))
    expect(result.isDead(0)).toBe(false)
    expect(result.versions[0]).toBeGreaterThan(dead)
  })

  it('counts images that were scanned, not those that were skipped', () => {
    const result = constant(1, [5])
    absorb(result, [], [])
    expect(result.isDead(0)).toBe(false)
  })
})

describe('the range of a channel', () => {
  it('is not constant before the first image', () => {
    expect(new ChannelRange(1).isConstant(0)).toBe(false)
  })

  it('is constant with one value, be it zero or not, until another value comes', () => {
    const range = new ChannelRange(2)
    range.add(0, 0, 0, false)
    range.add(1, -2, -2, false)
    range.add(1, -2, -2, false)
    expect([range.isConstant(0), range.isConstant(1)]).toEqual([true, true])
    range.add(1, -2, -2.5, false)
    expect([range.isConstant(0), range.isConstant(1)]).toEqual([true, false])
  })

  it('is not constant with NaN beside the one value', () => {
    const range = new ChannelRange(1)
    range.add(0, 1, 1, true)
    expect(range.isConstant(0)).toBe(false)
  })

  it('takes in the numbers of an image that has NaN too', () => {
    const range = new ChannelRange(1)
    range.add(0, 3, -7, true)
    range.add(0, 1, 0, false)
    expect([range.highest[0], range.lowest[0], range.nanImages[0]]).toEqual([3, -7, 1])
  })

  it('merges to what one range over all would be', () => {
    const a = new ChannelRange(1)
    const b = new ChannelRange(1)
    a.add(0, 3, 1, false)
    a.add(0, 2, 2, true)
    b.add(0, 7, -4, false)
    b.add(0, -Infinity, Infinity, true)
    a.merge(b)
    expect({ highest: a.highest[0], lowest: a.lowest[0], nanImages: a.nanImages[0] }).toEqual({
      highest: 7,
      lowest: -4,
      nanImages: 2,
    })
  })
})
