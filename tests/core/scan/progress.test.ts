import { describe, expect, it } from 'vitest'
import { Pace, Stopwatch } from '../../../src/core/scan/progress.ts'

it('has no speed before two batches have come in', () => {
  const pace = new Pace()
  expect(pace.imagesPerSecond).toBeNull()
  pace.tick(1000, 16)
  expect(pace.imagesPerSecond).toBeNull()
})

it('is images a second between the first batch and the last', () => {
  const pace = new Pace()
  pace.tick(1000, 16)
  pace.tick(1500, 32)
  pace.tick(3000, 116)
  expect(pace.imagesPerSecond).toBe(50)
})

it('follows a machine that gets slower: only the last eight seconds count', () => {
  const pace = new Pace()
  for (let second = 0; second <= 10; second++) pace.tick(second * 1000, second * 100)
  expect(pace.imagesPerSecond).toBe(100)
  for (let second = 11; second <= 20; second++) pace.tick(second * 1000, 1000 + (second - 10) * 10)
  expect(pace.imagesPerSecond).toBe(10)
})

it('knows the speed of batches that take longer than the window', () => {
  const pace = new Pace()
  pace.tick(0, 32)
  pace.tick(20_000, 64)
  pace.tick(40_000, 96)
  expect(pace.imagesPerSecond).toBe(1.6)
})

it('has no speed where no time has passed or nothing was done', () => {
  const pace = new Pace()
  pace.tick(1000, 16)
  pace.tick(1000, 32)
  expect(pace.imagesPerSecond).toBeNull()
  pace.reset()
  pace.tick(1000, 16)
  pace.tick(2000, 16)
  expect(pace.imagesPerSecond).toBeNull()
})

it('forgets the pause when it is reset', () => {
  const pace = new Pace()
  pace.tick(0, 10)
  pace.tick(1000, 20)
  pace.reset()
  expect(pace.imagesPerSecond).toBeNull()
  pace.tick(7000, 30)
  pace.tick(8000, 60)
  expect(pace.imagesPerSecond).toBe(30)
})

describe('a stopwatch', () => {
  it('runs from the start', () => {
    const watch = new Stopwatch(1000)
    expect([1000, 1500, 4000].map((now) => watch.elapsed(now))).toEqual([0, 500, 3000])
  })

  it('leaves pauses out', () => {
    const watch = new Stopwatch(0)
    watch.pause(300)
    expect([300, 900].map((now) => watch.elapsed(now))).toEqual([300, 300])
    watch.resume(1000)
    expect([1000, 1200].map((now) => watch.elapsed(now))).toEqual([300, 500])
    watch.pause(1300)
    watch.resume(2000)
    expect(watch.elapsed(2400)).toBe(1000)
  })

  it('keeps its time where it is paused or resumed twice', () => {
    const watch = new Stopwatch(0)
    watch.resume(100)
    expect(watch.elapsed(200)).toBe(200)
    watch.pause(200)
    watch.pause(500)
    watch.resume(600)
    watch.resume(900)
    expect(watch.elapsed(1000)).toBe(600)
  })
})
