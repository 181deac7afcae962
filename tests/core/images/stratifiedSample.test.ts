import { describe, expect, it } from 'vitest'
import { stratifiedSample } from '../../../src/core/images/stratifiedSample.ts'

describe('images that stand for all', () => {
  const table = (classes: readonly number[]) => ({
    classOf: Int32Array.from(classes),
    order: Uint32Array.from(classes.keys()),
  })

  it('are taken evenly from the classes and within them', () => {
    const classes = [...Array<number>(90).fill(0), ...Array<number>(6).fill(1), ...Array<number>(4).fill(2)]
    const images = stratifiedSample(table(classes), 6)
    expect(images.map((image) => classes[image])).toEqual([0, 0, 1, 1, 2, 2])
    expect(images).toEqual([0, 45, 90, 93, 96, 98])
  })

  it('are as many as there are, or every nth class', () => {
    expect(stratifiedSample(table([-1, -1, -1]), 16)).toEqual([0, 1, 2])
    expect(stratifiedSample(table(Array.from({ length: 100 }, (_, i) => i)), 4)).toEqual([0, 25, 50, 75])
    expect(stratifiedSample(table([]), 4)).toEqual([])
  })
})
