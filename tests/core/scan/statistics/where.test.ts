import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../../src/core/scan/layerResult.ts'
import { firstOfCell, gridOf, where } from '../../../../src/core/scan/statistics/where.ts'
import { seeded } from '../../../fixtures/random.ts'
import { summary } from '../../../fixtures/summaries.ts'

const channels = 3
const images = 300

interface Maximum {
  readonly max: number
  readonly min: number
  readonly position: number
}

/** Every image's maxima: the last channel is silent in half of the images, and makes nothing but NaN in some. */
function maximaOf(units: number, seed: number): Maximum[][] {
  const random = seeded(seed)
  return Array.from({ length: images }, () =>
    Array.from({ length: channels }, (_, channel): Maximum => {
      const position = random.int(0, units - 1)
      const kind = channel === channels - 1 ? random.next() : 0
      if (kind > 0.9) return { max: -Infinity, min: Infinity, position: 0 }
      return kind > 0.4 ? { max: 0, min: 0, position: 0 } : { max: random.next(), min: -1, position }
    }),
  )
}

function absorb(result: LayerResult, all: readonly Maximum[][], some: readonly number[]): void {
  const rows = some.flatMap((image) => all[image]!)
  const batch = summary(
    channels,
    rows.map(({ max }) => max),
    {
      min: Float32Array.from(rows, ({ min }) => min),
      position: Uint32Array.from(rows, ({ position }) => position),
    },
  )
  result.absorb(batch, Int32Array.from(some))
}

function empty([rows, columns]: readonly [number, number]): LayerResult {
  return new LayerResult(channels, rows * columns, 4, null, columns)
}

/** Counts by the borders of the cells, as they are drawn. */
function slowCounts(all: readonly Maximum[][], channel: number, [rows, columns]: readonly [number, number]) {
  const [ofRows, ofColumns] = gridOf([rows, columns])
  const found = all.map((image) => image[channel]!).filter(({ max, min }) => max > min)
  const counts: number[] = []
  for (let r = 0; r < ofRows; r++)
    for (let c = 0; c < ofColumns; c++)
      counts.push(
        found.filter(({ position }) => {
          const row = Math.floor(position / columns)
          const column = position % columns
          return (
            row >= firstOfCell(r, ofRows, rows) &&
            row < firstOfCell(r + 1, ofRows, rows) &&
            column >= firstOfCell(c, ofColumns, columns) &&
            column < firstOfCell(c + 1, ofColumns, columns)
          )
        }).length,
      )
  return counts
}

const maps = [
  [39, 39],
  [8, 8],
  [7, 7],
  [1, 30],
  [9, 3],
  [112, 75],
  [16, 8],
] as const

describe('where maxima lie', () => {
  it.each(maps)('is counted in the cells of a map of %i×%i', (...map) => {
    const all = maximaOf(map[0] * map[1], 1)
    const result = empty(map)
    absorb(result, all, [...all.keys()])
    for (let channel = 0; channel < channels; channel++) {
      const found = result.of(where, channel)!
      expect(found.map).toEqual(map)
      expect(found.counts).toEqual(slowCounts(all, channel, map))
      expect(found.images).toBe(all.filter((image) => image[channel]!.max > image[channel]!.min).length)
    }
  })

  it.each(maps)('is told in cells that share out the units of a map of %i×%i evenly', (...map) => {
    for (const [axis, cells] of gridOf(map).entries()) {
      const size = map[axis]!
      const borders = Array.from({ length: cells + 1 }, (_, cell) => firstOfCell(cell, cells, size))
      expect([borders[0], borders.at(-1)]).toEqual([0, size])
      const lengths = borders.slice(1).map((border, cell) => border - borders[cell]!)
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
    }
  })

  it('is the same for any order, batches and parts that were scanned apart', () => {
    const all = maximaOf(12 * 10, 2)
    const whole = empty([12, 10])
    absorb(whole, all, [...all.keys()])
    const mixed = seeded(3).shuffled([...all.keys()])
    const first = empty([12, 10])
    absorb(first, all, mixed.slice(0, 7))
    absorb(first, all, mixed.slice(7, 100))
    const second = empty([12, 10])
    absorb(second, all, mixed.slice(100))
    first.restore(second.snapshot())
    expect(first.snapshot().statistics['where']).toEqual(whole.snapshot().statistics['where'])
  })

  it('is nowhere for a single unit, and for channels whose units are equal in each image', () => {
    const vector = empty([1, 1])
    absorb(vector, maximaOf(1, 4), [0, 1, 2])
    expect(vector.of(where, 0)).toBeNull()
    const silent = empty([3, 3])
    silent.absorb(
      summary(channels, [1, 0, 0, 2, 0, 0], { min: Float32Array.of(1, 0, 0, 2, 0, -1) }),
      Int32Array.of(0, 1),
    )
    expect([0, 1, 2].map((channel) => silent.of(where, channel)?.images ?? null)).toEqual([null, null, 1])
  })

  it('takes 256 bytes a channel, whatever the number of images', () => {
    const layer = { channels, units: 100 * 50, columns: 50, kept: 4, classes: null }
    const counts = where.counted.begin(layer)!
    expect(counts.bytes).toBe(256 * channels + 100 * 50)
    expect(() => counts.add(new Uint32Array(3))).toThrow(RangeError)
  })
})
