/** The time limit of a picture's decoder: a sleeping machine must not look like a decoder that hangs. */
import { describe, expect, it } from 'vitest'
import { inTicks } from '../../../src/engine/images/inTicks.ts'
import { deferred, type Deferred } from '../../fixtures/fakeWorkers.ts'

const attempts = { ticks: 5, tickMs: 20, tries: 2 }
const late = (): Error => new Error('too slow')

/** Work that begins at every call and ends when the test says so. */
function works(): { all: Deferred<string>[]; dropped: string[]; run(): Promise<string> } {
  const all: Deferred<string>[] = []
  const dropped: string[] = []
  const begin = (): Promise<string> => {
    all.push(deferred<string>())
    return all.at(-1)!.promise
  }
  return { all, dropped, run: () => inTicks(begin, attempts, (result) => dropped.push(result), late) }
}

/** Imitates a page that was stopped: the clock continues, but timers do not fire. */
function sleep(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('work that may hang', () => {
  it('gives what it comes to, or fails as it fails', async () => {
    const { all, run } = works()
    const good = run()
    all[0]!.resolve('pixels')
    expect(await good).toBe('pixels')
    const bad = run()
    all[1]!.reject(new Error('damaged'))
    await expect(bad).rejects.toThrow('damaged')
    expect(all).toHaveLength(2)
  })

  it('is not given up because the machine slept for longer than it may take', async () => {
    const { all, run } = works()
    const result = run()
    for (let nap = 0; nap < 3; nap++) {
      sleep(4 * attempts.ticks * attempts.tickMs)
      // Everything that has waited now happens at once, including the timer's ticks.
      await pause(0)
    }
    all[0]!.resolve('pixels')
    expect(await result).toBe('pixels')
    expect(all).toHaveLength(1)
  })

  it('is begun anew before it is given up; what comes too late is dropped', async () => {
    const { all, dropped, run } = works()
    const result = run()
    while (all.length < 2) await pause(attempts.tickMs)
    all[0]!.resolve('late')
    all[1]!.resolve('pixels')
    expect(await result).toBe('pixels')
    expect(dropped).toEqual(['late'])
  })

  it('is given up after the second try', async () => {
    const { all, dropped, run } = works()
    await expect(run()).rejects.toThrow('too slow')
    expect(all).toHaveLength(2)
    for (const { resolve } of all) resolve('late')
    await pause(0)
    expect(dropped).toEqual(['late', 'late'])
  })
})
