import { expect, it } from 'vitest'
import { countClasses } from '../../../src/core/images/classCounts.ts'

it('counts the images of each class, and none of those without', () => {
  const table = { classNames: ['cat', 'dog', 'fern'], classOf: Int32Array.of(0, 2, -1, 0, 2, 0) }
  expect(countClasses(table)).toEqual([
    { name: 'cat', images: 3 },
    { name: 'dog', images: 0 },
    { name: 'fern', images: 2 },
  ])
})
