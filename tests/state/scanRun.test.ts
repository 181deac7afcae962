import { describe, expect, it } from 'vitest'
import type { BatchItem } from '../../src/engine/images/decodeBatch.ts'
import type { BatchReport } from '../../src/engine/scan/batchScan.ts'
import { type BatchEngine, type RunOptions, ScanRun } from '../../src/state/scanRun.ts'
import { type Deferred, deferred, settled } from '../fixtures/fakeWorkers.ts'
import { seeded } from '../fixtures/random.ts'

/** Engines that answer when the test says so. `join` is how many take part from the start. */
async function bench(engines: number, images: number, options: Partial<RunOptions> = {}, join = engines) {
  const order = Uint32Array.from(seeded(images).shuffled([...Array(images).keys()]))
  const handed: number[] = []
  const waiting: { engine: number; items: readonly BatchItem[]; answer: Deferred<BatchReport> }[] = []
  const reports: { images: number; engine: number }[] = []
  const ends: number[] = []
  let most = 0
  const made = Array.from({ length: engines }, (_, engine): BatchEngine => ({
    scanBatch(items) {
      const answer = deferred<BatchReport>()
      handed.push(...items.map(({ image }) => image))
      waiting.push({ engine, items, answer })
      most = Math.max(most, waiting.filter((batch) => batch.engine === engine).length)
      return answer.promise
    },
  }))
  const run = new ScanRun({
    order,
    batchSize: 4,
    handleOf: (image) => Promise.resolve(`image ${image}`),
    onReport: ({ images }, engine) => reports.push({ images: images.length, engine: made.indexOf(engine) }),
    onEnd: () => ends.push(reports.length),
    ...options,
  })
  for (const engine of made.slice(0, join)) run.join(engine)
  await settled()
  /** Answers the batch at this place of those that wait. */
  const answer = async (place = 0): Promise<void> => {
    const [batch] = waiting.splice(place, 1)
    const images = Int32Array.from(batch!.items, ({ image }) => image)
    batch!.answer.resolve({ images, skipped: [], summaries: [], batchSize: 4, backendBytes: 0 })
    await settled()
  }
  const outcome = { value: null as unknown }
  void run.outcome.then((value) => (outcome.value = value))
  const held = (engine: number): number => waiting.filter((batch) => batch.engine === engine).length
  await settled()
  return { run, made, order, handed, waiting, reports, ends, answer, outcome, held, mostHeld: () => most }
}

describe('a run', () => {
  it.each([
    [1, 1],
    [1, 41],
    [2, 40],
    [3, 101],
    [4, 5],
  ])(
    'hands out all images exactly once, in order, whatever the order of the replies: %i engines, %i images',
    async (engines, images) => {
      const random = seeded(engines * 1000 + images)
      const { order, handed, waiting, reports, answer, outcome, mostHeld } = await bench(engines, images)
      while (waiting.length > 0) {
        expect(outcome.value).toBeNull()
        await answer(random.int(0, waiting.length - 1))
      }
      expect(handed).toEqual([...order])
      expect(reports.reduce((sum, report) => sum + report.images, 0)).toBe(images)
      expect(outcome.value).toEqual({ status: 'done' })
      expect(mostHeld()).toBeLessThanOrEqual(3)
    },
  )

  it('keeps three batches at an engine, so that it never waits for the page', async () => {
    const { held, answer } = await bench(2, 100)
    expect([held(0), held(1)]).toEqual([1, 1])
    await answer()
    expect([held(0), held(1)]).toEqual([3, 1])
    await answer()
    expect([held(0), held(1)]).toEqual([3, 3])
    await answer()
    expect([held(0), held(1)]).toEqual([3, 3])
  })

  it('leaves batches for engines that join a little later: one each', async () => {
    const { run, made, held } = await bench(3, 12, {}, 0)
    for (const engine of made) run.join(engine)
    await settled()
    expect([0, 1, 2].map(held)).toEqual([1, 1, 1])
  })

  it('hands out nothing to an engine that joins when all is handed out, and is done without it', async () => {
    const { run, made, held, waiting, answer, outcome } = await bench(2, 8, {}, 1)
    await answer()
    run.join(made[1]!)
    await settled()
    expect([held(0), held(1)]).toEqual([1, 0])
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
  })

  it('shares what is left fairly when it goes on', async () => {
    const { run, held, waiting, answer } = await bench(4, 32)
    run.pause()
    while (waiting.length > 0) await answer()
    run.resume()
    await settled()
    expect([0, 1, 2, 3].map(held)).toEqual([1, 1, 1, 1])
  })

  it('lets an engine take part that joins later', async () => {
    const { run, made, held, waiting, answer, handed, order, outcome } = await bench(2, 100, {}, 1)
    await answer()
    expect([held(0), held(1)]).toEqual([3, 0])
    run.join(made[1]!)
    await settled()
    expect([held(0), held(1)]).toEqual([3, 1])
    await answer(waiting.length - 1)
    expect([held(0), held(1)]).toEqual([3, 3])
    while (waiting.length > 0) await answer(waiting.length - 1)
    expect(handed).toEqual([...order])
    expect(outcome.value).toEqual({ status: 'done' })
  })

  it('does not end before the first engine has joined, nor again when one joins after the end', async () => {
    const { run, made, waiting, answer, outcome, ends, handed } = await bench(2, 8, {}, 0)
    await settled()
    expect(outcome.value).toBeNull()
    run.join(made[0]!)
    await settled()
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    run.join(made[1]!)
    await settled()
    await settled()
    expect(handed).toHaveLength(8)
    expect(ends).toEqual([2])
  })

  it('says once that it ends, after the last report', async () => {
    const { waiting, answer, ends } = await bench(3, 40)
    while (waiting.length > 0) await answer()
    expect(ends).toEqual([10])
  })

  it('gives more to an engine that is faster', async () => {
    const { waiting, answer, reports } = await bench(2, 200)
    while (waiting.some(({ engine }) => engine === 1))
      await answer(waiting.findIndex(({ engine }) => engine === 1))
    expect(reports.length).toBeGreaterThan(40)
    expect(reports.every(({ engine }) => engine === 1)).toBe(true)
  })

  it('says which engine a report is from', async () => {
    const { waiting, answer, reports } = await bench(3, 48)
    for (let engine = 0; engine < 3; engine++) await answer()
    expect(reports).toEqual([0, 1, 2].map((engine) => ({ images: 4, engine })))
    reports.length = 0
    const handedOut = waiting.map(({ engine }) => engine).toReversed()
    while (waiting.length > 0) await answer(waiting.length - 1)
    expect(new Set(handedOut)).toEqual(new Set([0, 1, 2]))
    expect(reports).toEqual(handedOut.map((engine) => ({ images: 4, engine })))
  })

  it('over no images is done at once', async () => {
    const { outcome, handed } = await bench(2, 0)
    await settled()
    expect(outcome.value).toEqual({ status: 'done' })
    expect(handed).toEqual([])
  })
})

describe('pause', () => {
  it('lets what is under way come in and hands out no more; resume goes on', async () => {
    const { run, waiting, handed, reports, answer, outcome, order, held } = await bench(2, 100)
    await answer()
    await answer()
    run.pause()
    while (waiting.length > 0) await answer()
    expect(handed).toHaveLength(32)
    expect(reports).toHaveLength(8)
    expect(outcome.value).toBeNull()
    run.resume()
    await settled()
    expect([held(0), held(1)]).toEqual([3, 3])
    while (waiting.length > 0) await answer()
    expect(handed).toEqual([...order])
    expect(outcome.value).toEqual({ status: 'done' })
  })

  it('lets an engine that joins meanwhile wait until it goes on', async () => {
    const { run, made, held } = await bench(2, 100, {}, 1)
    run.pause()
    run.join(made[1]!)
    await settled()
    expect([held(0), held(1)]).toEqual([1, 0])
    run.resume()
    await settled()
    expect([held(0), held(1)]).toEqual([3, 3])
  })

  it('and resume with batches under way fills up to three, no more', async () => {
    const { run, held, answer } = await bench(2, 100)
    run.pause()
    await answer()
    run.resume()
    await settled()
    run.resume()
    expect([held(0), held(1)]).toEqual([3, 3])
  })
})

describe('stop', () => {
  it('ends at once, and drops what still comes in', async () => {
    const { run, waiting, handed, reports, answer, outcome } = await bench(2, 100)
    await answer()
    run.stop()
    await settled()
    expect(outcome.value).toEqual({ status: 'stopped' })
    const before = handed.length
    while (waiting.length > 0) await answer()
    expect(handed).toHaveLength(before)
    expect(reports).toHaveLength(1)
  })

  it('while paused ends as well', async () => {
    const { run, outcome, handed, answer } = await bench(1, 100)
    await answer()
    run.pause()
    run.stop()
    run.resume()
    await settled()
    await settled()
    expect(outcome.value).toEqual({ status: 'stopped' })
    expect(handed).toHaveLength(16)
  })
})

describe('failure', () => {
  it('of an engine fails the run with its error; nothing more is handed out or reported', async () => {
    const { waiting, handed, reports, answer, outcome } = await bench(2, 100)
    await answer()
    await answer()
    expect(handed).toHaveLength(32)
    reports.length = 0
    const [broken] = waiting.splice(0, 1)
    const error = new Error('out of memory')
    broken!.answer.reject(error)
    await settled()
    expect(outcome.value).toEqual({ status: 'failed', error })
    while (waiting.length > 0) await answer()
    expect(handed).toHaveLength(32)
    expect(reports).toEqual([])
  })

  it('to begin fails the run; only the first failure counts', async () => {
    const { run, outcome, ends } = await bench(2, 100)
    const error = new Error('no memory for another worker')
    run.fail(error)
    run.fail(new Error('second'))
    run.stop()
    await settled()
    expect(outcome.value).toEqual({ status: 'failed', error })
    expect(ends).toEqual([0])
  })

  it('to take a report in fails the run rather than leaving it hanging', async () => {
    const error = new Error('the report makes no sense')
    const unhandled: unknown[] = []
    const listen = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const { answer, outcome } = await bench(1, 100, {
      onReport() {
        throw error
      },
    })
    await answer()
    await settled()
    process.off('unhandledRejection', listen)
    expect(outcome.value).toEqual({ status: 'failed', error })
    expect(unhandled).toEqual([])
  })
})
