import { describe, expect, it } from 'vitest'
import { formatRate } from '../../../src/ui/common/format.ts'

describe('images a second', () => {
  it.each([
    [1136.4, '1,140'],
    [262.1, '262'],
    [16.52, '16.5'],
    [0.8512, '0.851'],
  ])('%f is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text)
  })
})
