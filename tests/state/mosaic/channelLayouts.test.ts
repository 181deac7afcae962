import { describe, expect, it } from 'vitest'
import { sampledMaxima } from '../../../src/core/scan/statistics/sampledMaxima.ts'
import type { Arranger } from '../../../src/engine/arranger.ts'
import type { ChannelLayout } from '../../../src/engine/mosaic/layOutChannels.ts'
import { knownLayout, layOut } from '../../../src/state/mosaic/channelLayouts.ts'
import type { WorkerHandle } from '../../../src/state/workers/workers.ts'
import { scanned } from '../../fixtures/summaries.ts'

/** A worker that answers by `lay`, and rejects once it has been ended. */
function fakeArranger(lay: (channels: number, maxima: Float32Array) => Promise<ChannelLayout | null>) {
  let end!: (error: Error) => void
  const ended = new Promise<never>((_, reject) => (end = reject))
  ended.catch(() => undefined)
  const worker = {
    times: 0,
    terminate() {
      worker.times++
      end(new Error('ended'))
    },
    isAlive: () => worker.times === 0,
    remote: {
      layOut: (channels: number, maxima: Float32Array) => Promise.race([lay(channels, maxima), ended]),
    },
  }
  return worker as typeof worker & WorkerHandle<Arranger>
}

const layout: ChannelLayout = { channels: Uint32Array.of(0, 1), points: Float32Array.of(0, 0, 1, 1) }
const result = () =>
  scanned(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    2,
  )

describe('the layout of a map', () => {
  it('is made of the maxima by a worker that ends then, and is kept with the results', async () => {
    const own = result()
    const sample = own.of(sampledMaxima, 0)!
    const worker = fakeArranger(async (channels, maxima) => {
      expect(channels).toBe(3)
      expect([...maxima]).toEqual(
        [...sample.images].flatMap((image) => [1, 2, 3].map((one) => 3 * image + one)),
      )
      return layout
    })
    expect(knownLayout(own)).toBeNull()
    const found = await layOut(own, sample, new AbortController().signal, () => worker)
    expect(found).toEqual({ layout, images: 2, scanned: 2 })
    expect(knownLayout(own)).toBe(found)
    expect(worker.times).toBe(1)
  })

  it('is not made any more once nobody waits: the worker ends', async () => {
    const own = result()
    const effect = new AbortController()
    const worker = fakeArranger(() => new Promise(() => undefined))
    const laid = layOut(own, own.of(sampledMaxima, 0)!, effect.signal, () => worker)
    effect.abort()
    await expect(laid).rejects.toThrow('ended')
    expect(knownLayout(own)).toBeNull()
  })
})
