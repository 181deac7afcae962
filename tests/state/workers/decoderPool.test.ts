import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { BatchItem } from '../../../src/engine/images/decodeBatch.ts'
import { DecoderPool } from '../../../src/state/workers/decoderPool.ts'
import { decodingEngine } from '../../../src/state/workers/decodingEngine.ts'
import { deferred, type FakeDecoder, fakeDecoder, fakeEngines, settled } from '../../fixtures/fakeWorkers.ts'

const shape = [6, 5, 3] as const
const user = {}

function items(...images: number[]): BatchItem[] {
  return images.map((image) => ({ image, handle: `${image}.png` }))
}

function pooled(cores: number, decode?: (decoder: number) => Promise<void>) {
  const decoders: FakeDecoder[] = []
  const pool = new DecoderPool(() => {
    const number = decoders.length
    decoders.push(fakeDecoder(() => decode?.(number) ?? Promise.resolve()))
    return decoders[number]!
  }, cores)
  const imagesOf = async (...images: number[]) => [
    ...(await pool.decode(user, items(...images), shape, notebookPreprocessing)).images,
  ]
  return { pool, decoders, imagesOf }
}

describe('decoders', () => {
  it('are as many as are busy, two at least and four at most, by the cores', async () => {
    for (const [cores, most] of [
      [1, 2],
      [4, 3],
      [16, 4],
    ] as const) {
      const { decoders, imagesOf } = pooled(cores)
      await imagesOf(1)
      await imagesOf(2)
      expect(decoders).toHaveLength(1)
      await Promise.all(Array.from({ length: 6 }, (_, image) => imagesOf(image)))
      expect(decoders).toHaveLength(most)
    }
  })

  it('decode the batch of one that has died again, in another one', async () => {
    const { decoders, imagesOf } = pooled(2, async (decoder) => {
      if (decoder === 0) await deferred().promise
    })
    const batch = imagesOf(3, 4)
    await settled()
    decoders[0]!.die('the tab ran out of memory')
    expect(await batch).toEqual([3, 4])
    expect(decoders).toHaveLength(2)
    await imagesOf(5)
    expect(decoders).toHaveLength(2)
  })

  it('give up a batch that two have died of', async () => {
    const { decoders, imagesOf } = pooled(2, async (decoder) => {
      decoders[decoder]!.die('a picture has crashed it')
      await deferred().promise
    })
    await expect(imagesOf(1)).rejects.toMatchObject({ code: 'worker/died' })
    expect(decoders).toHaveLength(2)
  })

  it('do not decode again what fails without a death', async () => {
    const { decoders, imagesOf } = pooled(2, () => Promise.reject(new Error('no such setting')))
    await expect(imagesOf(1)).rejects.toThrow('no such setting')
    expect(decoders).toHaveLength(1)
  })

  it('end with their last user, and so does what they are about', async () => {
    const { pool, decoders } = pooled(2, () => deferred().promise)
    const other = {}
    const batch = pool.decode(user, items(1), shape, notebookPreprocessing)
    void pool.decode(other, items(2), shape, notebookPreprocessing).catch(() => undefined)
    pool.release(other)
    expect(decoders.map((decoder) => decoder.isAlive())).toEqual([true, true])
    pool.release(user)
    await expect(batch).rejects.toMatchObject({ code: 'worker/died' })
    expect(decoders.map((decoder) => decoder.isAlive())).toEqual([false, false])
  })
})

describe('an engine with decoders', () => {
  async function scanned(backend: 'webgl' | 'wasm') {
    const { pool, decoders } = pooled(2)
    const engines = fakeEngines({ backend })
    const engine = decodingEngine(engines.spawn(), pool)
    await engine.remote.start('auto')
    const file = new File([], 'model.h5')
    await engine.remote.openModel([{ path: 'model.h5', file }], { inputSize: null })
    await engine.remote.beginScan({ layers: [1], preprocessing: notebookPreprocessing, maxPassSize: 4 })
    const report = await engine.remote.scanBatch(items(7, 8))
    return { engine, engines, decoders, report }
  }

  it('gets decoded pictures on a graphics card, and reports the same', async () => {
    const card = await scanned('webgl')
    const wasm = await scanned('wasm')
    expect(card.decoders).toHaveLength(1)
    expect(wasm.decoders).toHaveLength(0)
    expect(card.report).toEqual(wasm.report)
    expect(card.engines.all[0]!.batches).toEqual([[7, 8]])
  })

  it('has all other methods of the engine', async () => {
    const { engine } = await scanned('webgl')
    expect(await engine.remote.probe('all')).toEqual([])
  })

  it('takes its decoders along when it ends', async () => {
    const { engine, decoders } = await scanned('webgl')
    engine.terminate()
    expect(engine.isAlive()).toBe(false)
    expect(decoders[0]!.isAlive()).toBe(false)
    await expect(engine.remote.scanBatch(items(1))).rejects.toMatchObject({ code: 'worker/died' })
    expect(decoders).toHaveLength(1)
  })
})
