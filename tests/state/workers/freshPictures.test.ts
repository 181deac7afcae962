import { describe, expect, it } from 'vitest'
import { FreshPictures } from '../../../src/state/workers/freshPictures.ts'

function picture(image: number, side = 2) {
  return { image, width: side, height: side, data: new Uint8Array(side * side * 4) }
}

describe('fresh pictures', () => {
  it('are given once to the caller that asks for them', () => {
    const fresh = new FreshPictures()
    const pictures = [1, 2, 3].map((image) => picture(image))
    fresh.add(pictures, 'ignore')
    expect(fresh.take([3, 4, 1], 'ignore')).toEqual([pictures[2], pictures[0]])
    expect(fresh.take([1, 2, 3], 'ignore')).toEqual([pictures[1]])
  })

  it('turned in another way are others', () => {
    const fresh = new FreshPictures()
    fresh.add([picture(1)], 'ignore')
    expect(fresh.take([1], 'apply')).toEqual([])
    fresh.add([picture(2)], 'apply')
    expect(fresh.take([1, 2], 'apply').map(({ image }) => image)).toEqual([2])
    expect(fresh.take([1, 2], 'ignore')).toEqual([])
  })

  it('take no more than 16 MB: the oldest go first', () => {
    const fresh = new FreshPictures()
    const side = 250
    for (let image = 0; image < 100; image++)
      fresh.add([picture(image, side), picture(image, side)], 'ignore')
    const kept = fresh.take(
      Array.from({ length: 100 }, (_, image) => image),
      'ignore',
    )
    expect(kept.map(({ image }) => image)).toEqual(Array.from({ length: 64 }, (_, i) => 36 + i))
  })

  it('can be forgotten', () => {
    const fresh = new FreshPictures()
    fresh.add([picture(1)], 'ignore')
    fresh.clear()
    expect(fresh.take([1], 'ignore')).toEqual([])
  })
})
