import { describe, expect, it } from 'vitest'
import { everything, type Selection } from '../../../src/core/images/selection.ts'
import { ImageMask } from '../../../src/core/scan/imageMask.ts'
import {
  chosenImages,
  type Chosen,
  coveredOf,
  isDone,
  isWhole,
  sharers,
} from '../../../src/state/scan/coverage.ts'
import { tableOfFolder } from '../../fixtures/imageTables.ts'

const table = tableOfFolder(['a/1.png', 'a/2.png', 'b/3.png', 'b/4.png'])
const onlyA: Selection = { classes: ['a'], splits: null, sample: 'all' }

function mask(...images: readonly number[]): ImageMask {
  const made = new ImageMask(4)
  for (const image of images) made.add(image)
  return made
}

/** `seen`: the images that each layer has been given. */
function chosen(selection: Selection, seen: Readonly<Record<string, ImageMask>>): Chosen {
  const coverage = new Map(
    Object.entries(seen).map(([name, images]) => [name, { images, sample: 'all' } as const]),
  )
  return { images: { table }, coverage, selection }
}

describe('what a layer has seen of the chosen images', () => {
  it('is counted: chosen ones, and those that are not chosen now', () => {
    expect(coveredOf(chosen(everything, { conv: mask(0, 2) }), 'conv')).toEqual({
      done: 2,
      chosen: 4,
      others: 0,
    })
    expect(coveredOf(chosen(onlyA, { conv: mask(0, 2, 3) }), 'conv')).toEqual({
      done: 1,
      chosen: 2,
      others: 2,
    })
  })

  it('is unknown for a layer without results, and without images', () => {
    const state = chosen(everything, { conv: mask(0) })
    expect(coveredOf(state, 'other')).toBeNull()
    expect(coveredOf(state, null)).toBeNull()
    expect(coveredOf({ ...state, images: null }, 'conv')).toBeNull()
  })

  it('is counted again when the mask has grown', () => {
    const images = mask(0)
    const state = chosen(onlyA, { conv: images })
    expect(isWhole(state, 'conv')).toBe(false)
    images.add(1)
    expect(coveredOf(state, 'conv')!.done).toBe(2)
    expect(isWhole(state, 'conv')).toBe(true)
  })
})

describe('a layer is done', () => {
  it('with all chosen images and no others', () => {
    expect(isDone(chosen(onlyA, { conv: mask(0, 1) }), 'conv')).toBe(true)
    expect(isDone(chosen(onlyA, { conv: mask(0) }), 'conv')).toBe(false)
    expect(isDone(chosen(onlyA, { conv: mask(0, 1, 2) }), 'conv')).toBe(false)
    expect(isDone(chosen(onlyA, {}), 'conv')).toBe(false)
  })

  it('with all of the classes, also if a sample of them is chosen', () => {
    const sample: Selection = { ...onlyA, sample: { first: 1 } }
    expect(isDone(chosen(sample, { conv: mask(0) }), 'conv')).toBe(true)
    expect(isDone(chosen(sample, { conv: mask(0, 1) }), 'conv')).toBe(true)
    expect(isDone(chosen(sample, { conv: mask(1) }), 'conv')).toBe(false)
  })
})

it('layers that were scanned together share one mask, not only the same images', () => {
  const shared = mask(0, 1)
  const state = chosen(everything, { a: shared, b: shared, c: mask(0, 1) })
  expect(sharers(state, 'a')).toEqual(['a', 'b'])
  expect(sharers(state, 'c')).toEqual(['c'])
  expect(sharers(state, 'without results')).toEqual(['without results'])
})

it('the images of one choice are found once', () => {
  expect(chosenImages(table, onlyA)).toBe(chosenImages(table, onlyA))
  expect([...chosenImages(table, onlyA)]).toEqual([0, 1])
})
