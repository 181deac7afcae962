import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Watchdog } from '../../../src/state/workers/watchdog.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const engine = {}
const minute = 60_000

describe('the watchdog', () => {
  it('waits two minutes for an engine, and anew after each answer', () => {
    const onHang = vi.fn<(seconds: number) => void>()
    const watchdog = new Watchdog()
    watchdog.watch(engine, onHang)
    vi.advanceTimersByTime(2000)
    watchdog.heard(engine)
    vi.advanceTimersByTime(2 * minute - 1)
    expect(onHang).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onHang.mock.calls).toEqual([[120]])
    vi.advanceTimersByTime(10 * minute)
    expect(onHang).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes a laptop that sleeps, and a hidden tab, for no waiting', () => {
    const onHang = vi.fn<(seconds: number) => void>()
    const watchdog = new Watchdog()
    watchdog.watch(engine, onHang)
    // While the machine sleeps there is no tick, but the clock continues.
    vi.setSystemTime(Date.now() + 8 * 60 * minute)
    vi.advanceTimersByTime(1000)
    // The throttled page has one tick per minute.
    for (let tick = 0; tick < 100; tick++) {
      vi.setSystemTime(Date.now() + minute)
      vi.advanceTimersByTime(1000)
    }
    expect(onHang).not.toHaveBeenCalled()
    watchdog.forget(engine)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives up a preparation that does not settle, and leaves one that does alone', async () => {
    const watchdog = new Watchdog()
    const hung = (seconds: number): Error => new Error(`hung for ${seconds} s`)
    await expect(watchdog.guard(Promise.resolve(3), hung)).resolves.toBe(3)
    await expect(watchdog.guard(Promise.reject(new Error('no memory')), hung)).rejects.toThrow('no memory')
    const never = expect(watchdog.guard(new Promise(() => undefined), hung)).rejects.toThrow('hung for 600 s')
    await vi.advanceTimersByTimeAsync(10 * minute)
    await never
    expect(vi.getTimerCount()).toBe(0)
  })

  it('knows from a slow preparation that answers may be slow', async () => {
    const onHang = vi.fn<(seconds: number) => void>()
    const watchdog = new Watchdog()
    let ready!: () => void
    const preparing = watchdog.guard(new Promise<void>((resolve) => (ready = resolve)), () => new Error())
    await vi.advanceTimersByTimeAsync(minute)
    ready()
    await preparing
    watchdog.watch(engine, onHang)
    vi.advanceTimersByTime(20 * minute - 1)
    expect(onHang).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onHang).toHaveBeenCalledOnce()
  })
})
