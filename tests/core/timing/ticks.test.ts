import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TickWatch } from '../../../src/core/timing/ticks.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const limits = { tickMs: 100, timesLongest: 20 }
const late = () => vi.fn<(ticks: number) => void>()

it('gives up what does not answer, once, and leaves the others alone', () => {
  const watch = new TickWatch(limits)
  const [first, second] = [{}, {}]
  const onLate = [late(), late()] as const
  watch.watch(first, 10, onLate[0])
  vi.advanceTimersByTime(500)
  watch.watch(second, 10, onLate[1])
  vi.advanceTimersByTime(499)
  expect(onLate[0]).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onLate[0].mock.calls).toEqual([[10]])
  expect(onLate[1]).not.toHaveBeenCalled()
  watch.forget(second)
  vi.advanceTimersByTime(10_000)
  expect(onLate[0]).toHaveBeenCalledOnce()
  expect(onLate[1]).not.toHaveBeenCalled()
})

it('waits anew after each answer, and longer once one took long', () => {
  const watch = new TickWatch(limits)
  const onLate = late()
  watch.watch(watch, 10, onLate)
  vi.advanceTimersByTime(900)
  watch.heard(watch)
  vi.advanceTimersByTime(20 * 900 - 1)
  expect(onLate).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onLate.mock.calls).toEqual([[180]])
})

it('remembers the longest answer, not the last', () => {
  const watch = new TickWatch(limits)
  const onLate = late()
  watch.watch(watch, 10, onLate)
  for (const ms of [900, 100]) {
    vi.advanceTimersByTime(ms)
    watch.heard(watch)
  }
  vi.advanceTimersByTime(20 * 900 - 1)
  expect(onLate).not.toHaveBeenCalled()
})

it('counts no time for which there are no ticks, as when a laptop sleeps', () => {
  const watch = new TickWatch(limits)
  const onLate = late()
  watch.watch(watch, 10, onLate)
  vi.setSystemTime(Date.now() + 3600_000)
  vi.advanceTimersByTime(900)
  expect(onLate).not.toHaveBeenCalled()
})

it('looks before it gives anything up, and what is seen there may forget all', () => {
  const onLate = late()
  const watch = new TickWatch(limits, () => watch.forgetAll())
  watch.watch({}, 1, onLate)
  vi.advanceTimersByTime(1000)
  expect(onLate).not.toHaveBeenCalled()
})

it('forgets the others where giving up one says that all are lost', () => {
  const watch = new TickWatch(limits)
  const onLate = late()
  watch.watch({}, 1, (ticks) => {
    onLate(ticks)
    watch.forgetAll()
  })
  watch.watch({}, 1, onLate)
  vi.advanceTimersByTime(1000)
  expect(onLate).toHaveBeenCalledOnce()
})

it('has a timer only while it waits', () => {
  const watch = new TickWatch(limits)
  const [first, second] = [{}, {}]
  watch.watch(first, 10, late())
  watch.watch(second, 10, late())
  watch.forget(first)
  expect(vi.getTimerCount()).toBe(1)
  watch.forget(second)
  expect(vi.getTimerCount()).toBe(0)
  watch.watch(first, 10, late())
  vi.advanceTimersByTime(1000)
  expect(vi.getTimerCount()).toBe(0)
})
