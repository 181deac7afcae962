import { describe, expect, it } from 'vitest'
import { ChannelRange } from '../../../src/core/scan/channelRange.ts'
import { type ChannelSummary, DeltaCollector } from '../../../src/core/scan/deltaCollector.ts'
import { type LayerDelta, LayerResult } from '../../../src/core/scan/layerResult.ts'
import type { TopEntry } from '../../../src/core/scan/topK.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

/** Activations of one image, `[channels][units]`. */
type Map2 = readonly (readonly number[])[]

const units = 5
const ties = [-1.5, 0, 0.25, 1, 2].map(Math.fround)

/** What the channels of a test layer are like. */
const kinds: readonly ((random: Random, image: number) => number)[] = [
  (random) => Math.fround(random.next() * 2 - 1),
  (random) => random.pick(ties),
  () => 0,
  () => -3.5,
  (random) => (random.next() < 0.1 ? NaN : random.pick(ties)),
  () => NaN,
  (_, image) => (image === 3 ? 1 : 0),
]

function randomImages(random: Random, count: number): Map2[] {
  return Array.from({ length: count }, (_, image) =>
    kinds.map((kind) => Array.from({ length: units }, () => kind(random, image))),
  )
}

/** One image, reduced over space as `ChannelSummary` says. */
function reduced(values: readonly number[]): { max: number; position: number; min: number } {
  const numbers = values.filter((value) => !Number.isNaN(value))
  const max = Math.max(-Infinity, ...numbers)
  return {
    max,
    position: Math.max(0, values.indexOf(max)),
    min: numbers.length < values.length ? NaN : Math.min(...numbers),
  }
}

/** Rows of a batch; a padding row holds what would win if it counted. */
function summaryOf(images: readonly Map2[], batch: readonly number[]): ChannelSummary {
  const rows = batch.map((image) =>
    image < 0 ? kinds.map(() => ({ max: 1e9, position: 4, min: -1e9 })) : images[image]!.map(reduced),
  )
  return {
    channels: kinds.length,
    max: Float32Array.from(rows.flat(), ({ max }) => max),
    position: Uint32Array.from(rows.flat(), ({ position }) => position),
    min: Float32Array.from(rows.flat(), ({ min }) => min),
  }
}

/** The slow obvious version of a channel: all values at once. */
function oracle(images: readonly Map2[], channel: number, k: number) {
  const all = images.flatMap((image) => image[channel]!)
  const dead = all.length > 0 && all.every((value) => value === all[0])
  const sorted: TopEntry[] = images
    .map((image, n) => ({ image: n, ...reduced(image[channel]!) }))
    .filter(({ max }) => max > -Infinity)
    .toSorted((a, b) => b.max - a.max || a.image - b.image)
    .map(({ image, max, position }) => ({ image, activation: max, position }))
  return {
    dead,
    top: dead ? [] : sorted.slice(0, k),
    nanImages: images.filter((image) => image[channel]!.some(Number.isNaN)).length,
  }
}

function batches(random: Random, images: readonly number[]): number[][] {
  const result: number[][] = []
  for (let at = 0; at < images.length;) {
    const size = random.int(1, 9)
    const padding = Array.from({ length: random.int(0, 3) }, () => -1)
    result.push(random.shuffled([...images.slice(at, at + size), ...padding]))
    at += size
  }
  return result
}

/** Splits the images over workers at random, and lets their reports come in at random. */
function scan(random: Random, images: readonly Map2[], k: number, workers: number): LayerResult {
  const collectors = Array.from({ length: workers }, () => new DeltaCollector(kinds.length, k))
  const reports = batches(random, random.shuffled([...images.keys()])).map((batch) => ({
    delta: random.pick(collectors).add(summaryOf(images, batch), batch),
    scanned: batch.filter((image) => image >= 0).length,
  }))
  const result = new LayerResult(kinds.length, k)
  for (const { delta, scanned } of random.shuffled(reports)) result.absorb(delta, scanned)
  return result
}

describe('a scan in batches', () => {
  for (const workers of [1, 2, 3])
    it(`finds with ${workers} workers, in any order, what one look at everything finds`, () => {
      for (let seed = 0; seed < 60; seed++) {
        const random = seeded(seed * 10 + workers)
        const k = random.int(1, 16)
        const images = randomImages(random, random.int(2, 60))
        const result = scan(random, images, k, workers)
        const found = kinds.map((_, channel) => ({
          dead: result.range.isDead(channel),
          top: result.top(channel),
          nanImages: result.range.nanImages[channel]!,
        }))
        expect(found, `seed ${seed}`).toEqual(kinds.map((_, channel) => oracle(images, channel, k)))
        expect(result.scanned).toBe(images.length)
      }
    })

  it('counts images, and channels with NaN', () => {
    const images = randomImages(seeded(3), 40)
    const result = scan(seeded(4), images, 4, 2)
    const expected = kinds.map((_, channel) => oracle(images, channel, 4).nanImages)
    expect(expected[4]).toBeGreaterThan(0)
    expect(expected[5]).toBe(40)
    expect([...result.range.nanImages]).toEqual(expected)
    expect(result.nanChannels).toBe(2)
  })
})

const nothing: Omit<LayerDelta, 'highest' | 'lowest' | 'nanImages'> = {
  channels: new Uint32Array(0),
  images: new Uint32Array(0),
  activations: new Float32Array(0),
  positions: new Uint32Array(0),
}

/** One channel, one unit an image. */
function single(activations: readonly number[]): ChannelSummary {
  return {
    channels: 1,
    max: Float32Array.from(activations),
    min: Float32Array.from(activations),
    position: new Uint32Array(activations.length),
  }
}

describe('the report of a batch', () => {
  it('holds only what still has a place after the batch', () => {
    const collector = new DeltaCollector(1, 2)
    expect([...collector.add(single([1, 5, 3, 4]), [0, 1, 2, 3]).images]).toEqual([1, 3])
    expect([...collector.add(single([2, 4.5]), [4, 5]).images]).toEqual([5])
    expect(collector.add(single([0, 1]), [6, 7])).toMatchObject(nothing)
  })

  it('tells the range of each channel over this batch alone', () => {
    const collector = new DeltaCollector(1, 2)
    collector.add(single([9, -9]), [0, 1])
    expect(collector.add(single([1, 2]), [2, 3])).toMatchObject({
      highest: Float32Array.of(2),
      lowest: Float32Array.of(1),
    })
  })

  it('leaves an image of nothing but NaN out of the top', () => {
    const collector = new DeltaCollector(1, 2)
    const delta = collector.add(
      {
        channels: 1,
        max: Float32Array.of(-Infinity, 1),
        min: Float32Array.of(NaN, 0),
        position: Uint32Array.of(0, 2),
      },
      [0, 1],
    )
    expect([...delta.images]).toEqual([1])
    expect([...delta.positions]).toEqual([2])
    expect([...delta.nanImages]).toEqual([1])
  })
})

function report(activations: readonly number[], images: readonly number[]): LayerDelta {
  return new DeltaCollector(1, 2).add(single(activations), images)
}

describe('the version of a channel', () => {
  it('grows when its top k changes, and only then', () => {
    const result = new LayerResult(1, 2)
    result.absorb(report([1, 2], [0, 1]), 2)
    const first = result.versions[0]!
    expect(first).toBeGreaterThan(0)
    result.absorb(report([0.5, 0.75], [2, 3]), 2)
    expect(result.versions[0]).toBe(first)
    result.absorb(report([3], [4]), 1)
    expect(result.versions[0]).toBeGreaterThan(first)
  })

  it('grows when a dead channel turns out to be alive though the new value has no place', () => {
    const result = new LayerResult(1, 2)
    result.absorb(report([1, 1], [0, 1]), 2)
    expect(result.top(0)).toEqual([])
    const dead = result.versions[0]!
    result.absorb(report([0.5], [2]), 1)
    expect(result.top(0).map(({ image }) => image)).toEqual([0, 1])
    expect(result.versions[0]).toBeGreaterThan(dead)
  })
})

describe('the range of a channel', () => {
  it('is not dead before the first image', () => {
    expect(new ChannelRange(1).isDead(0)).toBe(false)
  })

  it('is dead where every unit has one value, be it zero or not, until another value comes', () => {
    const range = new ChannelRange(2)
    range.add(0, 0, 0)
    range.add(1, -2, -2)
    range.add(1, -2, -2)
    expect([range.isDead(0), range.isDead(1)]).toEqual([true, true])
    range.add(1, -2, -2.5)
    expect([range.isDead(0), range.isDead(1)]).toEqual([true, false])
  })

  it('merges to what one range over all would be', () => {
    const a = new ChannelRange(1)
    const b = new ChannelRange(1)
    a.add(0, 3, 1)
    a.add(0, 2, NaN)
    b.add(0, 7, -4)
    b.add(0, -Infinity, NaN)
    a.merge(b)
    expect({ highest: a.highest[0], lowest: a.lowest[0], nanImages: a.nanImages[0] }).toEqual({
      highest: 7,
      lowest: -4,
      nanImages: 2,
    })
  })
})
