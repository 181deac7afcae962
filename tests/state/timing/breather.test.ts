import { afterEach, expect, it, vi } from 'vitest'
import { breather } from '../../../src/state/timing/breather.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('lets others have a turn once work has taken long enough, and only then', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const breathe = breather()
  expect(breathe()).toBeUndefined()
  now.mockReturnValue(20)
  const turn = vi.fn<() => void>()
  setImmediate(turn)
  await breathe()
  expect(turn).toHaveBeenCalledOnce()
  // The time that others take does not count as work.
  expect(breathe()).toBeUndefined()
})

it('goes on in a hidden tab, where timers hardly ever fire', async () => {
  // The test does not advance the timers.
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'] })
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const breathe = breather()
  for (let rest = 1; rest <= 100; rest++) {
    now.mockReturnValue(rest * 20)
    await breathe()
  }
  expect(vi.getTimerCount()).toBe(0)
})
