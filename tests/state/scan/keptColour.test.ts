import { describe, expect, it } from 'vitest'
import {
  colourValues,
  isAnyColourKept,
  isColourCurrent,
  keepColour,
  keptColour,
} from '../../../src/state/scan/keptColour.ts'
import { scanned, summary } from '../../fixtures/summaries.ts'

const found = { patches: 2, grey: 1.5, blurred: -0.25, shuffled: null }
const layer = () =>
  scanned(
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
    3,
  )

describe('what was measured of colour or shape', () => {
  it('is kept by results, channel and number of patches, and known as values of measures', () => {
    const [result, other] = [layer(), layer()]
    const values = colourValues(result, 2)
    expect(isAnyColourKept(result, 2)).toBe(false)
    expect(keptColour(result, 1, 2)).toBeUndefined()
    keepColour(result, 1, 2, result.top(1, 2), found)
    expect(keptColour(result, 1, 2)).toBe(found)
    expect(isAnyColourKept(result, 2)).toBe(true)
    expect([...values].map(([id, ofChannels]) => [id, ...ofChannels])).toEqual([
      ['grey', Number.NaN, 1.5],
      ['blurred', Number.NaN, -0.25],
      ['shuffled', Number.NaN, Number.NaN],
    ])
    for (const [one, channel, k] of [
      [result, 0, 2],
      [result, 1, 3],
      [other, 1, 2],
    ] as const) {
      expect(keptColour(one, channel, k)).toBeUndefined()
      expect(isColourCurrent(one, channel, k)).toBe(false)
    }
    expect(isAnyColourKept(result, 3)).toBe(false)
    // That no patch is above 0 is known, too.
    keepColour(result, 1, 2, result.top(1, 2), null)
    expect(keptColour(result, 1, 2)).toBe(null)
    expect(values.get('grey')![1]).toBeNaN()
  })

  it('is about the top patches of then', () => {
    const result = layer()
    for (const channel of [0, 1]) keepColour(result, channel, 2, result.top(channel, 2), found)
    expect(isColourCurrent(result, 0, 2)).toBe(true)
    // One more image, which is among the best of the second channel only.
    result.absorb(summary(2, [0, 5.5]), Int32Array.of(3))
    expect(isColourCurrent(result, 0, 2)).toBe(true)
    expect(isColourCurrent(result, 1, 2)).toBe(false)
    expect(keptColour(result, 1, 2)).toBe(found)
  })
})
