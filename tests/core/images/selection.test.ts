import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/errors.ts'
import {
  everything,
  parseSample,
  parseShard,
  sameGroups,
  selectImages,
} from '../../../src/core/images/selection.ts'

/** Six images, scanned backwards: cats 0–2, dogs 3–4, image 5 without a class; even ones are for training. */
const table = {
  order: Uint32Array.of(5, 4, 3, 2, 1, 0),
  classNames: ['cat', 'dog'],
  classOf: Int32Array.of(0, 0, 0, 1, 1, -1),
  splits: ['test', 'train'],
  splitOf: Int16Array.of(1, 0, 1, 0, 1, 0),
}

function many(count: number) {
  return { ...table, order: Uint32Array.from({ length: count }, (_, i) => count - 1 - i) }
}

describe('the selection', () => {
  it('is of all images at first, in scanning order', () => {
    expect([...selectImages(table, everything)]).toEqual([5, 4, 3, 2, 1, 0])
  })

  it('has the same classes and splits as another one, whatever their names are', () => {
    const of = (classes: readonly string[] | null, splits: readonly string[] | null = null) => ({
      classes,
      splits,
    })
    expect(sameGroups(of(['cat', 'dog'], ['train']), of(['cat', 'dog'], ['train']))).toBe(true)
    expect(sameGroups(of(null), of(null))).toBe(true)
    expect(sameGroups(of(['cat']), of(['cat'], ['train']))).toBe(false)
    // Joined by commas these would be the same text.
    expect(sameGroups(of(['a,b']), of(['a', 'b']))).toBe(false)
    expect(sameGroups(of(['null']), of(null))).toBe(false)
    expect(sameGroups(of([]), of(['']))).toBe(false)
  })

  it('of classes leaves images without a class out', () => {
    expect([...selectImages(table, { ...everything, classes: ['dog'] })]).toEqual([4, 3])
    expect([...selectImages(table, { ...everything, classes: ['dog', 'cat'] })]).toEqual([4, 3, 2, 1, 0])
    expect([...selectImages(table, { ...everything, classes: [] })]).toEqual([])
  })

  it('of splits and classes is of both', () => {
    expect([...selectImages(table, { ...everything, classes: ['cat'], splits: ['train'] })]).toEqual([2, 0])
  })

  it.each([
    ['class', { ...everything, classes: ['wolf'] }, 'cat, dog'],
    ['split', { ...everything, splits: ['wolf'] }, 'test, train'],
  ])('of a %s that is not there is refused with those that are', (kind, selection, known) => {
    expect(() => selectImages(table, selection)).toThrow(
      sentence('selection/unknown', { kind, name: 'wolf', known }),
    )
  })
})

describe('a shard', () => {
  it('is every n-th of the chosen images by path, in scanning order', () => {
    expect([...selectImages(table, { ...everything, shard: [1, 3] })]).toEqual([3, 0])
    expect([...selectImages(table, { ...everything, shard: [3, 3] })]).toEqual([5, 2])
    expect([...selectImages(table, { ...everything, classes: ['cat'], shard: [2, 2] })]).toEqual([1])
    // The first four are 5, 4, 3 and 2.
    expect([...selectImages(table, { ...everything, sample: { first: 4 }, shard: [1, 2] })]).toEqual([4, 2])
    expect([...selectImages(table, { ...everything, shard: [7, 7] })]).toEqual([])
  })

  it('and the others of its kind have each chosen image once', () => {
    const of = many(100)
    const sample = { random: 37, seed: 5 }
    const parts = Array.from({ length: 6 }, (_, i) => [
      ...selectImages(of, { ...everything, sample, shard: [i + 1, 6] }),
    ])
    expect(parts.map(({ length }) => length)).toEqual([7, 6, 6, 6, 6, 6])
    expect(parts.flat().toSorted()).toEqual([...selectImages(of, { ...everything, sample })].toSorted())
  })

  it('is read as the command line writes it', () => {
    expect(parseShard('3/20')).toEqual([3, 20])
    for (const text of [
      '0/3',
      '4/3',
      '3',
      '3/',
      '1/0',
      '-1/3',
      '1.5/3',
      '1/3/5',
      '',
      '9999999999/9999999999',
    ])
      expect(() => parseShard(text), text).toThrow(`The setting shard=${text} does not exist. Allowed: 1/20,`)
  })
})

describe('a sample', () => {
  it('of the first ones is what is scanned first', () => {
    expect([...selectImages(table, { ...everything, sample: { first: 2 } })]).toEqual([5, 4])
    expect(selectImages(table, { ...everything, sample: { first: 100 } })).toHaveLength(6)
  })

  it('is taken of the chosen classes', () => {
    const selection = { ...everything, classes: ['cat'], sample: { first: 2 } }
    expect([...selectImages(table, selection)]).toEqual([2, 1])
  })

  it('at random has no image twice, is shuffled, and is the same for the same seed', () => {
    const images = many(10_000)
    const draw = (seed: number) => [...selectImages(images, { ...everything, sample: { random: 500, seed } })]
    const first = draw(1)
    expect(new Set(first).size).toBe(500)
    // Each tenth of it is a fair sample too: 5000 on average, with a standard deviation of about 400.
    for (let at = 0; at < 500; at += 50) {
      const mean = first.slice(at, at + 50).reduce((sum, image) => sum + image, 0) / 50
      expect(Math.abs(mean - 5000)).toBeLessThan(1700)
    }
    expect(draw(1)).toEqual(first)
    expect(draw(2)).not.toEqual(first)
  })

  it('at random is fair: each image about equally often', () => {
    const counts = Array.from({ length: 20 }, () => 0)
    for (let seed = 0; seed < 4000; seed++)
      for (const image of selectImages(many(20), { ...everything, sample: { random: 5, seed } }))
        counts[image]! += 1
    // 1000 each on average, with a standard deviation of 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(140)
  })

  it.each([
    ['all', 'all'],
    ['500', { first: 500 }],
    ['random:500', { random: 500, seed: 1 }],
    [' random:500:7 ', { random: 500, seed: 7 }],
  ])('is written as %s', (text, sample) => {
    expect(parseSample(text)).toEqual(sample)
  })

  it.each(['', '0', '-5', '1.5', 'random', 'random:', '500:7', 'some'])('is not written as "%s"', (text) => {
    expect(() => parseSample(text)).toThrow(/^The setting sample=/)
  })
})
