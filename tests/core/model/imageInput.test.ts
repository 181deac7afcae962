import { expect, it } from 'vitest'
import { imageInput, isChannelCountOfImages } from '../../../src/core/model/imageInput.ts'

it('a size that the file fixes stays, whatever is chosen', () => {
  expect(imageInput(10, 12, 3, [64, 48])).toEqual({ shape: [10, 12, 3], openSize: false })
})

it('each side that the file leaves open is the chosen one, or the usual one', () => {
  expect(imageInput(null, null, 3, [64, 48])).toEqual({ shape: [64, 48, 3], openSize: true })
  expect(imageInput(10, null, 1, [64, 48])).toEqual({ shape: [10, 48, 1], openSize: true })
  expect(imageInput(null, 12, 4, null)).toEqual({ shape: [224, 12, 4], openSize: true })
})

it('images are grey, RGB or RGBA', () => {
  expect([1, 2, 3, 4, 5, null, undefined].filter(isChannelCountOfImages)).toEqual([1, 3, 4])
})
