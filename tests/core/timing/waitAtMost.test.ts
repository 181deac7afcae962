import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { waitAtMost } from '../../../src/core/timing/waitAtMost.ts'
import { deferred } from '../../fixtures/fakeWorkers.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const limit = { ticks: 5, tickMs: 1000 }

it('gives the result of work that ends in time, also where that is nothing', async () => {
  const work = deferred<number | undefined>()
  const waiting = waitAtMost(work.promise, limit)
  vi.advanceTimersByTime(4999)
  work.resolve(7)
  expect(await waiting).toEqual({ result: 7 })
  expect(await waitAtMost(Promise.resolve(undefined), limit)).toEqual({ result: undefined })
})

it('fails as the work fails', async () => {
  await expect(waitAtMost(Promise.reject(new Error('no space')), limit)).rejects.toThrow('no space')
})

it('gives null after so many ticks, whatever the clock says', async () => {
  const waiting = waitAtMost(deferred().promise, limit)
  vi.setSystemTime(Date.now() + 3600_000)
  const state = { is: 'waiting' }
  void waiting.then(() => (state.is = 'over'))
  await vi.advanceTimersByTimeAsync(4999)
  expect(state.is).toBe('waiting')
  await vi.advanceTimersByTimeAsync(1)
  expect(await waiting).toBeNull()
})

it('drops what comes later, failures too', async () => {
  const unhandled = vi.fn<() => void>()
  process.on('unhandledRejection', unhandled)
  const work = deferred()
  const waiting = waitAtMost(work.promise, limit)
  vi.advanceTimersByTime(5000)
  expect(await waiting).toBeNull()
  work.reject(new Error('too late'))
  await new Promise((resolve) => setTimeout(resolve, 0))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})
