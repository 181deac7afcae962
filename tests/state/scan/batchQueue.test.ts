import { describe, expect, it } from 'vitest'
import { BatchQueue } from '../../../src/state/scan/batchQueue.ts'

/** Sizes of all batches, where each is handed to one of so many engines that takes `passSize` images a pass. */
function sizes(images: number, passSize: number, engines: number): number[] {
  const queue = new BatchQueue(Uint32Array.from({ length: images }, (_, i) => i))
  const found: number[] = []
  for (let batch = queue.take(passSize, [], engines); batch; batch = queue.take(passSize, [], engines))
    found.push(batch.images.length)
  expect(queue.isEmpty).toBe(true)
  return found
}

describe('batches', () => {
  it('are whole passes for an engine alone', () => {
    expect(sizes(100, 32, 1)).toEqual([32, 32, 32, 4])
  })

  it('become smaller towards the end where engines share, so that these end together', () => {
    expect(sizes(160, 16, 2)).toEqual([16, 16, 16, 16, 16, 14, 11, 10, 8, 7, 5, 5, 4, 4, 4, 4, 4])
    expect(sizes(12, 2, 2)).toEqual([2, 2, 2, 1, 1, 1, 1, 1, 1])
  })

  it('leave no engine more than a few images behind the others', () => {
    for (const engines of [2, 3, 8])
      for (let images = 1; images < 300; images += 7) {
        const handed = sizes(images, 16, engines)
        expect(handed.reduce((sum, size) => sum + size, 0)).toBe(images)
        // The last ones are handed out one to each.
        for (const size of handed.slice(-engines)) expect(size).toBeLessThanOrEqual(4)
      }
  })
})

describe('a suspect', () => {
  /** Its only batch was lost twice, so that each of its images is a suspect. */
  function suspecting(): BatchQueue {
    const queue = new BatchQueue(Uint32Array.of(7, 8))
    for (let loss = 0; loss < 2; loss++) queue.takeBack([queue.take(2, [], 1)!], true)
    return queue
  }

  it('is scanned alone, so that no other image is blamed', () => {
    const queue = suspecting()
    const other = { images: Uint32Array.of(1), failures: 0, isSuspect: false }
    expect(queue.take(2, [other], 2)).toBeNull()
    const first = queue.take(2, [], 2)!
    expect(first).toMatchObject({ images: Uint32Array.of(7), isSuspect: true })
    expect(queue.take(2, [first], 2)).toBeNull()
    expect(queue.take(2, [], 2)).toMatchObject({ images: Uint32Array.of(8), isSuspect: true })
  })

  it('has its engine for itself while others wait to be scanned', () => {
    const queue = new BatchQueue(Uint32Array.of(7, 8))
    for (let loss = 0; loss < 2; loss++) queue.takeBack([queue.take(1, [], 1)!], true)
    const suspect = queue.take(1, [], 2)!
    expect(suspect.isSuspect).toBe(true)
    expect(queue.take(1, [suspect], 2)).toBeNull()
    expect(queue.take(1, [], 2)).toMatchObject({ images: Uint32Array.of(8), isSuspect: false })
  })

  it('that has taken down two workers is given up; the other one is not', () => {
    const queue = suspecting()
    const first = queue.take(2, [], 1)!
    expect(queue.takeBack([first], true)).toEqual([])
    expect(queue.takeBack([queue.take(2, [], 1)!], true)).toEqual([7])
    expect(queue.take(2, [], 1)).toMatchObject({ images: Uint32Array.of(8) })
    expect(queue.isEmpty).toBe(true)
  })
})
