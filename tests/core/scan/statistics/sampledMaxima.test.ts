import { describe, expect, it } from 'vitest'
import { hashOfImage } from '../../../../src/core/scan/hashSample.ts'
import { LayerResult } from '../../../../src/core/scan/layerResult.ts'
import {
  mostSampled,
  sampledImages,
  sampledMaxima,
} from '../../../../src/core/scan/statistics/sampledMaxima.ts'
import { seeded } from '../../../fixtures/random.ts'
import { summary } from '../../../fixtures/summaries.ts'

const channels = 3

/** Tells image and channel. */
function maximumOf(image: number, channel: number): number {
  return image === 7 && channel === 1 ? -Infinity : Math.fround(image * 0.1 - channel)
}

function absorb(result: LayerResult, images: readonly number[]): void {
  const max = images.flatMap((image) => Array.from({ length: channels }, (_, c) => maximumOf(image, c)))
  result.absorb(summary(channels, max, { min: Float32Array.from(max) }), Int32Array.from(images))
}

function scanned(batches: readonly (readonly number[])[]): LayerResult {
  const result = new LayerResult(channels, 1, 4)
  for (const images of batches) absorb(result, images)
  return result
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

describe('the sample of maxima', () => {
  it('has the maxima of the images with the smallest hashes', () => {
    const images = range(0, 2000)
    const sample = scanned([images]).of(sampledMaxima, 0)!
    const expected = images.toSorted((a, b) => hashOfImage(a) - hashOfImage(b)).slice(0, mostSampled)
    expect([...sample.images]).toEqual(expected)
    expect(sample.rows.map((row) => [...row])).toEqual(
      expected.map((image) => range(0, channels).map((c) => maximumOf(image, c))),
    )
  })

  it('is of all images if there are few', () => {
    const { images } = scanned([range(0, mostSampled)]).of(sampledMaxima, 0)!
    expect([...images].toSorted((a, b) => a - b)).toEqual(range(0, mostSampled))
  })

  it('is the same for any order, batches and parts that were scanned apart', () => {
    const whole = scanned([range(0, 1500)]).snapshot().statistics.sampled
    const random = seeded(3)
    const mixed = random.shuffled(range(0, 1500))
    expect(
      scanned([mixed.slice(0, 7), mixed.slice(7, 900), mixed.slice(900)]).snapshot().statistics.sampled,
    ).toEqual(whole)
    const merged = scanned([mixed.slice(0, 1100)])
    merged.restore(scanned([mixed.slice(1100)]).snapshot())
    expect(merged.snapshot().statistics.sampled).toEqual(whole)
  })

  it('takes as much memory whatever the number of images, and no more than 4 MB a layer', () => {
    const sample = sampledMaxima.counted.begin({ channels, units: 1, columns: 1, kept: 4, classes: null })
    const bytes = mostSampled * channels * 4
    expect(sample.bytes).toBe(bytes)
    sample.add({ images: Int32Array.from(range(0, 3000)), maxima: new Float32Array(3000 * channels) })
    expect(sample.bytes).toBe(bytes)
    expect([1, 64, 2048, 2049, 4096, 25_088, 3_000_000].map(sampledImages)).toEqual([
      512, 512, 512, 511, 256, 41, 1,
    ])
  })

  it('refuses what another layer has counted', () => {
    const { statistics, ...others } = scanned([[1]]).snapshot()
    const sums = { images: Int32Array.of(1), maxima: new Float32Array(channels + 1) }
    const snapshot = { ...others, statistics: { ...statistics, sampled: { version: 1, sums } } }
    expect(() => scanned([]).restore(snapshot)).toThrow(RangeError)
  })
})
