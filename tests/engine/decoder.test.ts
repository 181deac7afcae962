import { expect, it } from 'vitest'
import { notebookPreprocessing } from '../../src/core/preprocessing/preprocessing.ts'
import type { HandedPicture } from '../../src/engine/images/smallPicture.ts'
import { transfer } from '../../src/rpc/transfer.ts'
import { spawnDecoder, spawnEngine } from '../../src/state/workers/workers.ts'
import { fixtureFile, fixtureModel } from './fixtureFiles.ts'

const names = ['red/00.png', 'red/broken.png', 'blue/gray.png', 'green/alpha.png', 'red/large.png'] as const

it('decodes in its worker to what the engine makes of the same pictures, and the engine finds the same', async () => {
  const engine = spawnEngine()
  const decoder = spawnDecoder()
  await engine.remote.start('wasm')
  const { network } = await engine.remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
  const layers = [network.layers.findIndex(({ name }) => name === 'conv_valid')]
  await engine.remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 4 })
  const items = await Promise.all(
    names.map(async (name, image) => ({ image, handle: await fixtureFile(name) })),
  )
  const expected = await engine.remote.scanBatch(items)
  const batch = await decoder.remote.decode(items, network.inputShape, notebookPreprocessing)
  expect([...batch.images]).toEqual([0, -1, 2, 3, 4])
  const { pictures, ...rows } = batch
  const found = await engine.remote.scanDecoded(transfer(rows, [rows.data.buffer, rows.images.buffer]))
  expect(rows.data.length).toBe(0)
  const inOrder = (these: readonly HandedPicture[]) => these.toSorted((a, b) => a.image - b.image)
  expect({ ...found, backendBytes: 0, pictures: inOrder(pictures) }).toEqual({
    ...expected,
    backendBytes: 0,
    pictures: inOrder(expected.pictures),
  })
  expect(pictures).toHaveLength(4)
  expect(found.skipped).toEqual([{ image: 1, reason: expect.stringContaining('a damaged PNG file') }])
  engine.terminate()
  decoder.terminate()
})
