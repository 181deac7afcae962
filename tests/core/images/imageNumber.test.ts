import { expect, it } from 'vitest'
import { findImage, imageNumber } from '../../../src/core/images/imageNumber.ts'

it('an image is found by its path, and nothing else is', () => {
  const paths = ['B.png', 'a/10.png', 'a/9.png', 'b.png', 'é.png', '\u{1f600}.png', '\uffee.png'].toSorted()
  expect(paths.map((path) => imageNumber({ paths }, path))).toEqual([...paths.keys()])
  for (const path of ['', 'a', 'a/99.png', 'zz', '\uffff'])
    expect(imageNumber({ paths }, path), path).toBeNull()
  expect(imageNumber({ paths: [] }, 'a')).toBeNull()
})

it('an image is found by the only path that has the text in it', () => {
  const table = { paths: ['Cat/1.png', 'Cat/10.png', 'dog/2.PNG'] }
  expect(findImage(table, ' Cat/1.png ')).toEqual({ path: 'Cat/1.png' })
  expect(findImage(table, 'cat/10')).toEqual({ path: 'Cat/10.png' })
  expect(findImage(table, '2.png')).toEqual({ path: 'dog/2.PNG' })
  expect(findImage(table, 'cat')).toEqual({ several: 2 })
  expect(findImage(table, 'fern')).toEqual({ several: 0 })
  expect(findImage(table, '')).toEqual({ several: 0 })
})
