import { expect, it } from 'vitest'
import { fuzzHdf5 } from '../../fuzzed.ts'

it('damaged HDF5 files open rightly or say why not, and the engine goes on', async () => {
  const { opened, refused } = await fuzzHdf5(300, 1)
  expect(opened).toBeGreaterThan(20)
  expect(refused).toBeGreaterThan(100)
})
