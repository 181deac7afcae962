/** @file As the fuzzing in CI, with more inputs, which are new each day; fast-check tells the seed of a failure. */
import { expect, it } from 'vitest'
import { fuzzHdf5, fuzzPictures } from './fuzzed.ts'

const seed = Math.floor(Date.now() / 86_400_000)

it.each([
  ['HDF5 files', () => fuzzHdf5(5000, seed)],
  ['pictures', () => fuzzPictures(10_000, seed)],
])('damaged %s open rightly or say why not', { timeout: 1_800_000 }, async (_, fuzz) => {
  const { opened, refused } = await fuzz()
  expect(opened).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(500)
})
