import { expect, it } from 'vitest'
import { matchChannels, pairByNumber } from '../../../src/core/compare/channelPairs.ts'
import { sampledMaxima } from '../../../src/core/scan/statistics/sampledMaxima.ts'
import { Arranger } from '../../../src/engine/arranger.ts'
import { findPairs, knownPairs } from '../../../src/state/compare/pairs.ts'
import type { WorkerHandle } from '../../../src/state/workers/workers.ts'
import { seeded } from '../../fixtures/random.ts'
import { scanned } from '../../fixtures/summaries.ts'

function resultOf(seed: number): ReturnType<typeof scanned> {
  const random = seeded(seed)
  return scanned(
    Array.from({ length: 20 }, () => Array.from({ length: 4 }, () => random.next())),
    5,
  )
}

it('keeps what a worker has found, by number and matched, and ends the worker', async () => {
  const [before, after] = [resultOf(1), resultOf(2)]
  let spawned = 0
  let ended = 0
  const spawn = (): WorkerHandle<Arranger> => {
    spawned++
    const arranger = new Arranger()
    const remote = {
      pair: (...args: Parameters<Arranger['pair']>) => Promise.resolve(arranger.pair(...args)),
    }
    return { remote, isAlive: () => true, terminate: () => void ended++ } as WorkerHandle<Arranger>
  }
  const layerOf = (result: typeof before) => ({ channels: 4, sample: result.of(sampledMaxima, 0) })
  const { signal } = new AbortController()
  expect(knownPairs(before, after, false)).toBeNull()
  const byNumber = await findPairs(before, after, false, signal, spawn)
  const matched = await findPairs(before, after, true, signal, spawn)
  expect(byNumber).toEqual(pairByNumber(layerOf(before), layerOf(after)))
  expect(matched).toEqual(matchChannels(layerOf(before), layerOf(after)))
  expect(knownPairs(before, after, false)).toBe(byNumber)
  expect(knownPairs(before, after, true)).toBe(matched)
  expect(knownPairs(after, before, true)).toBeNull()
  expect(await findPairs(before, after, true, signal, spawn)).toBe(matched)
  expect([spawned, ended]).toEqual([2, 2])
})
