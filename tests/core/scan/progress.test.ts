import { expect, it } from 'vitest'
import { Pace } from '../../../src/core/scan/progress.ts'

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
