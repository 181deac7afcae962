/** @file WebGPU in a real worker: it computes what WASM computes, frees all memory, and its errors are reported. */
import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { compareExtremes, toleranceOf } from '../../../src/core/scan/selfTest.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { fixtureFile, fixtureModel } from '../fixtureFiles.ts'

const adapter = await navigator.gpu?.requestAdapter()
if (!adapter) console.log('This browser has no WebGPU adapter: the backend is not tested.')

async function opened(backend: 'webgpu' | 'wasm', model: Parameters<typeof fixtureModel>[0]) {
  const { remote, terminate } = spawnEngine()
  const report = await remote.start(backend)
  const { network } = await remote.openModel(await fixtureModel(model), { inputSize: null })
  return { remote, terminate, report, network }
}

describe.skipIf(!adapter)('WebGPU', () => {
  it('passes the self-test', async () => {
    const card = await opened('webgpu', 'functional.h5')
    const wasm = await opened('wasm', 'functional.h5')
    expect(card.report.name).toBe('webgpu')
    const { error, first } = compareExtremes(
      await card.remote.probe('all'),
      await wasm.remote.probe('all'),
      toleranceOf('webgpu'),
    )
    expect(first).toBeNull()
    expect(error).toBeLessThan(1e-4)
    card.terminate()
    wasm.terminate()
  })

  it('scans as WASM does, in passes that it finds itself, and leaves no tensor behind', async () => {
    const items = await Promise.all(
      (['red/00.png', 'blue/gray.png', 'red/large.png'] as const).map(async (name, image) => ({
        image,
        handle: await fixtureFile(name),
      })),
    )
    const scan = async (backend: 'webgpu' | 'wasm') => {
      const { remote, terminate, network } = await opened(backend, 'sequential.h5')
      const layers = [network.layers.findIndex(({ name }) => name === 'conv_valid')]
      await remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 4 })
      const first = await remote.scanBatch(items)
      const tensors = await remote.tensorCount()
      const again = await remote.scanBatch(items)
      expect(await remote.tensorCount()).toBe(tensors)
      expect(again.summaries).toEqual(first.summaries)
      terminate()
      return first
    }
    const [card, wasm] = [await scan('webgpu'), await scan('wasm')]
    expect(card.images).toEqual(wasm.images)
    expect(card.summaries[0]!.position).toEqual(wasm.summaries[0]!.position)
    for (const [i, value] of wasm.summaries[0]!.max.entries())
      expect(card.summaries[0]!.max[i]).toBeCloseTo(value, 4)
  })
})
