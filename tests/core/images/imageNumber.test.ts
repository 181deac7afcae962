import { expect, it } from 'vitest'
import { imageNumber } from '../../../src/core/images/imageNumber.ts'

it('an image is found by its path, and nothing else is', () => {
  const paths = ['B.png', 'a/10.png', 'a/9.png', 'b.png', 'é.png', '\u{1f600}.png', '\uffee.png'].toSorted()
  expect(paths.map((path) => imageNumber({ paths }, path))).toEqual([...paths.keys()])
  for (const path of ['', 'a', 'a/99.png', 'zz', '\uffff'])
    expect(imageNumber({ paths }, path), path).toBeNull()
  expect(imageNumber({ paths: [] }, 'a')).toBeNull()
})
