import { expect, it } from 'vitest'
import { fuzzPictures } from '../fuzzed.ts'

it('damaged pictures are decoded, or say why not', async () => {
  const { opened, refused } = await fuzzPictures(600, 1)
  expect(opened).toBeGreaterThan(50)
  expect(refused).toBeGreaterThan(50)
})
