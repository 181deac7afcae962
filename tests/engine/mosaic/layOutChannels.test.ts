import { describe, expect, it } from 'vitest'
import { arrangedMark, arrangedWidth } from '../../../src/core/mosaic/mapLayout.ts'
import { layOutChannels } from '../../../src/engine/mosaic/layOutChannels.ts'
import { seeded } from '../../fixtures/random.ts'

/** Maxima `[images, channels]`: channel c fires as the others of group c mod `groups` do; the last one is the same everywhere. */
function grouped(images: number, channels: number, groups: number): Float32Array {
  const random = seeded(7)
  const maxima = new Float32Array(images * channels)
  for (let image = 0; image < images; image++) {
    const strengths = Array.from({ length: groups }, () => random.next())
    for (let c = 0; c < channels; c++)
      maxima[image * channels + c] = c === channels - 1 ? 0.25 : strengths[c % groups]! + random.next() * 0.2
  }
  return maxima
}

describe('a map of channels', () => {
  const channels = 61
  const { channels: known, points } = layOutChannels(channels, grouped(200, channels, 4))!
  const distance = (a: number, b: number): number =>
    Math.hypot((points[2 * a]! - points[2 * b]!) * arrangedWidth, points[2 * a + 1]! - points[2 * b + 1]!)

  it('has all channels that differ from image to image, from 0 to 1', () => {
    expect([...known]).toEqual(Array.from({ length: channels - 1 }, (_, c) => c))
    for (const axis of [0, 1]) {
      const along = points.filter((_, i) => i % 2 === axis)
      expect([Math.min(...along), Math.max(...along)]).toEqual([0, 1])
    }
  })

  it('puts those next to each other that fire together', () => {
    let near = 0
    for (let a = 0; a < known.length; a++) {
      const others = [...known.keys()]
        .filter((b) => b !== a)
        .toSorted((b, c) => distance(a, b) - distance(a, c))
      near += others.slice(0, 4).filter((b) => b % 4 === a % 4).length
    }
    // Groups touch: those at their borders have neighbours of others. By chance it would be a quarter.
    expect(near / known.length / 4).toBeGreaterThan(0.9)
  })

  it('lets marks cover each other a little at most', () => {
    for (let a = 0; a < known.length; a++)
      for (let b = 0; b < a; b++) expect(distance(a, b)).toBeGreaterThan(arrangedMark(known.length) * 0.75)
  })

  it('is the same for the same maxima', () => {
    expect(layOutChannels(channels, grouped(200, channels, 4))!.points).toEqual(points)
  })

  it('needs four channels that differ', () => {
    expect(layOutChannels(4, grouped(50, 4, 2))).toBeNull()
    expect(layOutChannels(5, grouped(50, 5, 2))!.channels).toHaveLength(4)
  })
})
