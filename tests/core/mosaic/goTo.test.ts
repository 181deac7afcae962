import { describe, expect, it } from 'vitest'
import { findTarget } from '../../../src/core/mosaic/goTo.ts'

const layers = [
  { name: 'conv2d', channels: 32 },
  { name: 'conv2d_8', channels: 128 },
  { name: 'block/expand', channels: 2048 },
  { name: '7', channels: 3 },
]
const find = (text: string, shown: string | null = 'conv2d') => findTarget(text, layers, shown)

describe('Go to', () => {
  it.each([
    ['17', 'conv2d', 17],
    [' #17 ', 'conv2d', 17],
    ['conv2d_8 40', 'conv2d_8', 40],
    ['conv2d_8/40', 'conv2d_8', 40],
    ['conv2d 3', 'conv2d', 3],
    ['conv2d_8', 'conv2d_8', null],
    ['block/expand', 'block/expand', null],
    ['block/expand/1234', 'block/expand', 1234],
    ['EXPAND 5', 'block/expand', 5],
    ['7', '7', null],
  ])('%s leads to %s, %s', (text, layer, channel) => {
    expect(find(text)).toEqual({ layer, channel })
  })

  it.each([
    ['', /found by its number/],
    ['99', 'conv2d has the channels 0 to 31.'],
    ['block/expand 2048', 'block/expand has the channels 0 to 2,047.'],
    ['nothing 3', 'No layer is called nothing.'],
    ['conv 3', '2 layers have conv in their names.'],
  ])('%s leads nowhere, which is said', (text, says) => {
    expect(find(text)).toEqual(expect.stringMatching(says))
  })

  it('needs a layer for a number', () => {
    expect(find('5', null)).toBe('No layer is shown.')
  })
})
