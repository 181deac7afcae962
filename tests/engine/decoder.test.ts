import { expect, it } from 'vitest'
import { notebookPreprocessing } from '../../src/core/images/preprocessing.ts'
import { transfer } from '../../src/rpc/transfer.ts'
import { spawnDecoder, spawnEngine } from '../../src/state/workers.ts'
import { fixtureFile, fixtureModel } from './fixtureFiles.ts'

const names = ['red/00.png', 'red/broken.png', 'blue/gray.png', 'green/alpha.png', 'red/large.png'] as const

it('decodes in its worker to what the engine makes of the same pictures, and the engine finds the same', async () => {
  const engine = spawnEngine()
  const decoder = spawnDecoder()
  await engine.remote.start('wasm')
  const { network } = await engine.remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
  const layers = [network.layers.findIndex(({ name }) => name === 'conv_valid')]
  await engine.remote.beginScan({ layers, k: 3, preprocessing: notebookPreprocessing, batchSize: 4 })
  const items = await Promise.all(
    names.map(async (name, image) => ({ image, handle: await fixtureFile(name) })),
  )
  const expected = await engine.remote.scanBatch(items)
  const batch = await decoder.remote.decode(items, network.inputShape, notebookPreprocessing)
  expect([...batch.images]).toEqual([0, -1, 2, 3, 4])
  const found = await engine.remote.scanDecoded(transfer(batch, [batch.data.buffer, batch.images.buffer]))
  expect(batch.data.length).toBe(0)
  expect({ ...found, backendBytes: 0 }).toEqual({ ...expected, backendBytes: 0 })
  expect(found.skipped).toEqual([{ image: 1, reason: expect.stringContaining('a damaged PNG file') }])
  engine.terminate()
  decoder.terminate()
})
