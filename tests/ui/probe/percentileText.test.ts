import { describe, expect, it } from 'vitest'
import { firingText, percentText, percentileText, rankText } from '../../../src/ui/probe/percentileText.ts'

describe('how rare a value is, in words', () => {
  it('is rounded down, so that it is true for certain', () => {
    expect([0, 0.0004, 0.5, 0.9989, 0.9999, 1].map(percentText)).toEqual([
      '0 %',
      '0 %',
      '50.0 %',
      '99.8 %',
      '99.9 %',
      '100 %',
    ])
    // 0.29 · 1000 is a little less than 290 in floating point.
    expect(percentText(0.29)).toBe('29.0 %')
  })

  it('says the range if the histogram knows no better', () => {
    expect(percentileText({ from: 0.998, to: 0.998 })).toBe('higher than in 99.8 % of the images')
    expect(percentileText({ from: 0.9, to: 0.95 })).toBe(
      'higher than in 90.0 % of the images; known to a bin of the histogram: between 90.0 % and 95.0 %',
    )
    expect(percentileText({ from: 0, to: 0.4 })).toBe(
      'higher than in 40.0 % of the images at most; known to a bin of the histogram',
    )
    expect(percentileText({ from: 0, to: 0 })).toBe('as low as in no other image')
  })

  it('without a scan is a share of the largest value', () => {
    const firing = { layer: 'conv', channel: 3, value: 0.25, percentile: null, share: 0.5 }
    expect(rankText(firing)).toBe('50.0 %')
    expect(firingText(firing)).toBe('Channel 3 of conv: 0.2500, 50.0 % of the largest value in the layer')
  })
})
