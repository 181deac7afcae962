import { expect, it, vi } from 'vitest'
import { untilCleanup } from '../../../src/ui/common/untilCleanup.ts'
import { deferred, settled } from '../../fixtures/fakeWorkers.ts'

it('tells the work when it no longer counts', () => {
  const signals: AbortSignal[] = []
  const cleanup = untilCleanup(async (signal) => void signals.push(signal), vi.fn<(error: unknown) => void>())
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  cleanup()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

it('reports an error of work that counts, and drops one that comes later', async () => {
  const onError = vi.fn<(error: unknown) => void>()
  const [early, late] = [deferred(), deferred()]
  untilCleanup(() => early.promise, onError)
  const cleanup = untilCleanup(() => late.promise, onError)
  early.reject('it has gone')
  await settled()
  expect(onError.mock.calls).toEqual([['it has gone']])
  cleanup()
  late.reject('nobody looks')
  await settled()
  expect(onError).toHaveBeenCalledOnce()
})
