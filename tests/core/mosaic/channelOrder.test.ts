import { describe, expect, it } from 'vitest'
import {
  type ChannelArrangement,
  type ChannelSort,
  orderChannels,
} from '../../../src/core/mosaic/channelOrder.ts'
import { scanned } from '../../fixtures/summaries.ts'

// Channel 0 is weak, 1 dead, 2 strong, 3 as strong, 4 dead.
const result = scanned(
  [
    [0.5, 0, 9, 1, 7],
    [0.25, 0, 1, 9, 7],
    [0.1, 0, 8, 8, 7],
  ],
  2,
)
const classOf = Int32Array.of(0, 1, 0)

function by(sort: ChannelSort, hideDead: boolean): ChannelArrangement {
  return { sort, hideDead, reversed: false, bestClass: null }
}

describe('channels', () => {
  it('come by number before there is a result, dead or not', () => {
    expect(orderChannels(4, by('activation', true), undefined, 16, new Int32Array(0))).toEqual([0, 1, 2, 3])
  })

  it('come by number, with dead ones left out on request', () => {
    expect(orderChannels(5, by('number', false), result, 16, classOf)).toEqual([0, 1, 2, 3, 4])
    expect(orderChannels(5, by('number', true), result, 16, classOf)).toEqual([0, 2, 3])
  })

  it('come with those only that are in the ranges, once there is a result', () => {
    const isInRange = (channel: number): boolean => channel > 1
    const wanted = { ...by('activation', true), isInRange }
    expect(orderChannels(5, wanted, result, 16, classOf)).toEqual([2, 3])
    expect(orderChannels(4, wanted, undefined, 16, new Int32Array(0))).toEqual([0, 1, 2, 3])
  })

  it('come by their highest activation, equal ones by number, dead ones last', () => {
    expect(orderChannels(5, by('activation', false), result, 16, classOf)).toEqual([2, 3, 0, 1, 4])
    expect(orderChannels(5, by('activation', true), result, 16, classOf)).toEqual([2, 3, 0])
  })

  it('of a single unit of a single image are not dead, whatever they are', () => {
    const one = scanned([[0, 2, 0]], 2)
    expect(orderChannels(3, by('number', true), one, 16, classOf)).toEqual([0, 1, 2])
    expect(orderChannels(3, by('activation', false), one, 16, classOf)).toEqual([1, 0, 2])
  })

  it('come by the share of their leading class, dead ones last', () => {
    // Top 2: channel 0 sees images 0 and 1, channel 2 images 0 and 2 (one class), channel 3 images 1 and 2.
    expect(orderChannels(5, by('class', false), result, 16, classOf)).toEqual([2, 0, 3, 1, 4])
  })
})

describe('channels the other way round', () => {
  const reversed = (sort: ChannelSort): number[] =>
    orderChannels(5, { ...by(sort, false), reversed: true }, result, 16, classOf)

  it('come by number from the last one', () => {
    expect(reversed('number')).toEqual([4, 3, 2, 1, 0])
    const none = orderChannels(3, { ...by('number', false), reversed: true }, undefined, 16, classOf)
    expect(none).toEqual([2, 1, 0])
  })

  it('come from the lowest value, equal ones by number, dead ones still last', () => {
    expect(reversed('activation')).toEqual([0, 2, 3, 1, 4])
  })
})

describe('channels by how often they are active', () => {
  it('come from the one that does in most images', () => {
    const some = scanned(
      [
        [1, 0, 5],
        [0, 0, 5],
        [-1, 2, 4],
        [-1, 2, 4],
      ],
      2,
    )
    expect(orderChannels(3, by('fires', false), some, 16, classOf)).toEqual([2, 1, 0])
  })
})

describe('channels of a class', () => {
  it('are those whose leading class it is', () => {
    const of = (bestClass: number): number[] =>
      orderChannels(5, { ...by('number', false), bestClass }, result, 16, classOf)
    // By number of top patches: channel 0 has one of each, of which that of class 0 is better; channel 3 the other way.
    expect(of(0)).toEqual([0, 2])
    expect(of(1)).toEqual([3])
    expect(of(7)).toEqual([])
  })
})
