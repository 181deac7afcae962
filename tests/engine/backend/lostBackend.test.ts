/** No call that waits for a lost graphics card may hang. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { connect, type Remote } from '../../../src/rpc/remote.ts'
import type { FaultyEngine } from '../faultyEngine.worker.ts'
import { fixtureFile, fixtureModel } from '../fixtureFiles.ts'
import { goldenPicture } from '../goldenInput.ts'

let worker: Worker
let remote: Remote<FaultyEngine>

beforeEach(() => {
  worker = new Worker(new URL('../faultyEngine.worker.ts', import.meta.url), { type: 'module' })
  remote = connect<FaultyEngine>(worker as never).remote
})
afterEach(() => worker.terminate())

const preprocessing = notebookPreprocessing

/** Starts every kind of computation at once. */
async function everything(): Promise<PromiseSettledResult<unknown>[]> {
  const handle = await goldenPicture([64, 64, 3])
  const other = await fixtureFile('red/00.png')
  const claim = {
    layer: 1,
    channel: 0,
    unit: [0, 0],
    box: [0, 0, 3, 3],
    handle,
    preprocessing,
    seed: 1,
  } as const
  return Promise.allSettled([
    remote.scanBatch([{ image: 0, handle }]),
    remote.scanBatch([{ image: 1, handle: other }]),
    remote.provePatch(claim),
    remote.tryPreprocessing([handle], preprocessing),
    remote.probe('all'),
    remote.measureForward([1], 1, 0.01),
  ])
}

describe.each([
  ['context', 'webgl', 'taken its graphics context away'],
  ['fence', 'webgl', 'has not answered for 5 s'],
  ['program', 'wasm', 'crashed (unreachable)'],
] as const)('a lost %s of %s', (fault, backend, reason) => {
  it('rejects what waits, and what comes after at once', async () => {
    await remote.start(backend)
    const { network } = await remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
    const layers = [network.layers.findIndex(({ name }) => name === 'conv_valid')]
    await remote.beginScan({ layers, preprocessing, maxPassSize: 2 })
    // What works without the watch also works with it.
    for (const { status } of await everything()) expect(status).toBe('fulfilled')

    await remote.fail(fault)
    const rejected = {
      status: 'rejected',
      reason: expect.objectContaining({ code: 'backend/lost', message: expect.stringContaining(reason) }),
    }
    for (const outcome of await everything()) expect(outcome).toEqual(rejected)
    // Later calls fail at once, without asking the backend again.
    for (const outcome of await everything()) expect(outcome).toEqual(rejected)
    await expect(remote.beginScan({ layers, preprocessing, maxPassSize: 4 })).rejects.toMatchObject({
      code: 'backend/lost',
    })
  })
})
