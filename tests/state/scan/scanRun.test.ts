import { afterEach, describe, expect, it, vi } from 'vitest'
import { appError, clause } from '../../../src/core/errors.ts'
import { inTurn } from '../../../src/core/timing/inTurn.ts'
import type { BatchItem, SkippedImage } from '../../../src/engine/images/decodeBatch.ts'
import type { BatchReport } from '../../../src/engine/scan/batchScan.ts'
import { type BatchEngine, type Loss, type RunOptions, ScanRun } from '../../../src/state/scan/scanRun.ts'
import { Watchdog } from '../../../src/state/workers/watchdog.ts'
import { type Deferred, deferred, settled } from '../../fixtures/fakeWorkers.ts'
import { seeded } from '../../fixtures/random.ts'

/** The number of images per pass. */
const size = 4

function reportOf(items: readonly BatchItem[]): BatchReport {
  const images = Int32Array.from(items, ({ image }) => image)
  return { images, skipped: [], summaries: [], pictures: [], passSize: size, backendBytes: 0 }
}

/** A tally that nothing is skipped in. */
function tally(take: RunOptions['tally']['take']): RunOptions['tally'] {
  return { take, skip: () => undefined }
}

/** Engines that answer when the test says so. `join` is how many take part from the start. */
async function bench(engines: number, count: number, options: Partial<RunOptions> = {}, join = engines) {
  const order = Uint32Array.from(seeded(count).shuffled([...Array(count).keys()]))
  const handed: number[] = []
  const waiting: { engine: number; items: readonly BatchItem[]; answer: Deferred<BatchReport> }[] = []
  const reports: { images: number; engine: number }[] = []
  const ends: number[] = []
  const skips: SkippedImage[] = []
  const drained: number[] = []
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
  const turns = inTurn()
  const run = new ScanRun({
    order,
    handleOf: (image) => Promise.resolve(`image ${image}`),
    tally: {
      async take({ images }, engine) {
        reports.push({ images: images.length, engine: made.indexOf(engine as BatchEngine) })
      },
      skip: (image) => skips.push(image),
    },
    inTurn: turns,
    on(event) {
      if (event.kind === 'settled' && event.occasion === 'pause') drained.push(reports.length)
      if (event.kind === 'ended') ends.push(reports.length)
    },
    watchdog: new Watchdog(),
    ...options,
  })
  const losses: (Loss | null)[] = []
  const joins = (engine: number): void =>
    void run.join(made[engine]!, size).then((loss) => (losses[engine] = loss))
  for (let engine = 0; engine < join; engine++) joins(engine)
  await settled()
  /** Answers the batch at this place of those that wait. */
  const answer = async (place = 0): Promise<void> => {
    const [batch] = waiting.splice(place, 1)
    batch!.answer.resolve(reportOf(batch!.items))
    await settled()
  }
  const outcome = { value: null as unknown }
  void run.outcome.then((value) => (outcome.value = value))
  const held = (engine: number): number => waiting.filter((batch) => batch.engine === engine).length
  await settled()
  /** The engine of the batch at this place fails. */
  const fail = async (error: unknown, place = 0): Promise<void> => {
    const [batch] = waiting.splice(place, 1)
    batch!.answer.reject(error)
    await settled()
  }
  return {
    run,
    turns,
    order,
    handed,
    waiting,
    reports,
    ends,
    skips,
    drained,
    losses,
    answer,
    fail,
    joins,
    outcome,
    held,
    mostHeld: () => most,
  }
}

const inOrder = (images: readonly number[]): number[] => images.toSorted((a, b) => a - b)

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
    const { joins, held } = await bench(3, 12, {}, 0)
    for (let engine = 0; engine < 3; engine++) joins(engine)
    await settled()
    expect([0, 1, 2].map(held)).toEqual([1, 1, 1])
  })

  it('hands out nothing to an engine that joins when all is handed out, and is done without it', async () => {
    const { joins, held, waiting, answer, outcome } = await bench(2, 8, {}, 1)
    await answer()
    joins(1)
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
    expect([0, 1, 2, 3].map(held)).toEqual([3, 3, 3, 3])
  })

  it('lets an engine take part that joins later', async () => {
    const { joins, held, waiting, answer, handed, order, outcome } = await bench(2, 100, {}, 1)
    await answer()
    expect([held(0), held(1)]).toEqual([3, 0])
    joins(1)
    await settled()
    expect([held(0), held(1)]).toEqual([3, 1])
    await answer(waiting.length - 1)
    expect([held(0), held(1)]).toEqual([3, 3])
    while (waiting.length > 0) await answer(waiting.length - 1)
    expect(handed).toEqual([...order])
    expect(outcome.value).toEqual({ status: 'done' })
  })

  it('does not end before the first engine has joined, nor again when one joins after the end', async () => {
    const { joins, waiting, answer, outcome, ends, handed, losses } = await bench(2, 8, {}, 0)
    await settled()
    expect(outcome.value).toBeNull()
    joins(0)
    await settled()
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    joins(1)
    await settled()
    expect(handed).toHaveLength(8)
    expect(ends).toEqual([2])
    expect(losses).toEqual([null, null])
  })

  it('says once that it ends, after the last report', async () => {
    const { waiting, answer, ends, reports } = await bench(3, 40)
    while (waiting.length > 0) await answer()
    expect(ends).toEqual([reports.length])
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
    const expected: { images: number; engine: number }[] = []
    while (waiting.length > 0) {
      const { engine, items } = waiting.at(-1)!
      expected.push({ images: items.length, engine })
      await answer(waiting.length - 1)
    }
    expect(new Set(expected.map(({ engine }) => engine))).toEqual(new Set([0, 1, 2]))
    expect(reports).toEqual(expected)
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
    const { run, joins, held } = await bench(2, 100, {}, 1)
    run.pause()
    joins(1)
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

describe('what comes between two reports', () => {
  it('waits for the report that is being taken in, and the next one for it', async () => {
    const gates = [deferred(), deferred()]
    const log: string[] = []
    const { turns, answer } = await bench(1, 40, {
      tally: tally(async () => {
        log.push('report')
        if (log.length === 1) await gates[0]!.promise
        log.push('taken in')
      }),
    })
    await answer()
    void turns(async () => {
      log.push('checkpoint')
      await gates[1]!.promise
      log.push('written')
    })
    gates[0]!.resolve()
    await settled()
    await answer()
    gates[1]!.resolve()
    await settled()
    expect(log).toEqual(['report', 'taken in', 'checkpoint', 'written', 'report', 'taken in'])
  })

  it('is kept at a pause, and again when all that was under way has come in', async () => {
    const { run, waiting, answer, drained } = await bench(2, 100)
    await answer()
    run.pause()
    await settled()
    expect(drained).toEqual([1])
    while (waiting.length > 0) await answer()
    expect(drained).toEqual([1, 5])
  })
})

describe('stop', () => {
  it('in the middle of a report takes it in wholly, and no other one', async () => {
    const gate = deferred()
    const log: string[] = []
    const { run, answer, outcome } = await bench(2, 100, {
      tally: tally(async () => {
        log.push('begun')
        await gate.promise
        log.push('taken in')
      }),
      on: ({ kind }) => void log.push(kind),
    })
    await answer()
    await answer()
    run.stop()
    await settled()
    expect(outcome.value).toBeNull()
    gate.resolve()
    await settled()
    expect(outcome.value).toEqual({ status: 'stopped' })
    expect(log).toEqual(['ready', 'begun', 'taken in', 'taken', 'settled', 'ended'])
  })

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

describe('a lost engine', () => {
  const lost = new Error('the context was lost')

  it('gives back what it had in hand, which the others scan first; nothing is counted twice', async () => {
    const { waiting, handed, reports, answer, fail, outcome, order, losses, held } = await bench(2, 100)
    await answer()
    await answer()
    expect(handed).toHaveLength(32)
    const inHand = waiting.filter(({ engine }) => engine === 0).flatMap(({ items }) => items)
    await fail(
      lost,
      waiting.findIndex(({ engine }) => engine === 0),
    )
    expect(losses[0]).toEqual({ error: lost, images: inHand.length })
    // Its late answers are about batches that another engine has by now.
    for (const late of waiting.filter(({ engine }) => engine === 0)) {
      waiting.splice(waiting.indexOf(late), 1)
      late.answer.resolve(reportOf(late.items))
    }
    await settled()
    const before = handed.length
    await answer()
    expect(held(0)).toBe(0)
    expect(inHand.map(({ image }) => image).slice(0, size)).toEqual(handed.slice(before))
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    expect(reports.reduce((sum, { images }) => sum + images, 0)).toBe(100)
    expect(inOrder([...new Set(handed)])).toEqual(inOrder([...order]))
  })

  it('is followed by another one in the same run', async () => {
    const { waiting, reports, answer, fail, outcome, joins, losses } = await bench(2, 40, {}, 1)
    await answer()
    await fail(lost)
    waiting.length = 0
    await settled()
    expect(outcome.value).toBeNull()
    joins(1)
    await settled()
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    expect(reports.reduce((sum, { images }) => sum + images, 0)).toBe(40)
    expect(losses[1]).toBeNull()
  })

  it('at the very end leaves its images to an engine that had nothing to do any more', async () => {
    const { waiting, answer, fail, outcome, held } = await bench(2, 5)
    expect([held(0), held(1)]).toEqual([1, 1])
    await answer(1)
    expect(held(1)).toBe(0)
    await fail(lost)
    expect([held(0), held(1)]).toEqual([0, 1])
    await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    expect(waiting).toEqual([])
  })

  it('does not take along a report that had come in, though it waits to be taken in', async () => {
    const gate = deferred()
    const taken: number[] = []
    const { waiting, answer, fail, outcome, losses, joins } = await bench(
      2,
      24,
      {
        tally: tally(async ({ images }) => {
          if (taken.length > 0) await gate.promise
          taken.push(...images)
        }),
      },
      1,
    )
    await answer()
    await answer()
    await answer()
    expect(taken).toHaveLength(size)
    await fail(lost)
    expect(losses[0]!.images).toBe(size)
    joins(1)
    gate.resolve()
    await settled()
    while (waiting.length > 0) await answer()
    expect(outcome.value).toEqual({ status: 'done' })
    expect(inOrder(taken)).toEqual([...Array(24).keys()])
  })
})

/** Runs to the end on engines that fail at these images; each one that fails is replaced at once. */
async function poisoned(images: number, poison: readonly number[], engines = 1) {
  const taken: number[] = []
  const skips: SkippedImage[] = []
  let lost = 0
  const run = new ScanRun({
    order: Uint32Array.from(Array(images).keys()),
    handleOf: (image) => Promise.resolve(`image ${image}`),
    tally: {
      take: async ({ images: row }) => void taken.push(...row),
      skip: (image) => void skips.push(image),
    },
    inTurn: inTurn(),
    on: () => undefined,
    watchdog: new Watchdog(),
  })
  const staff = async (): Promise<void> => {
    let working: Promise<unknown> = Promise.resolve()
    let broken = false
    const loss = await run.join(
      {
        // Calls are answered one after the other, as in a worker; when it dies, all waiting calls fail.
        scanBatch(items) {
          const report = working.then(async () => {
            await settled()
            broken ||= items.some(({ image }) => poison.includes(image))
            if (broken) throw new Error('crash')
            return reportOf(items)
          })
          working = report.catch(() => undefined)
          return report
        },
      },
      size,
    )
    if (loss === null) return
    lost++
    await staff()
  }
  await Promise.all(Array.from({ length: engines }, staff))
  return { taken: inOrder(taken), skips, lost, outcome: await run.outcome }
}

describe('an image that takes its worker down', () => {
  it.each([
    [1, [17]],
    [1, [0]],
    [1, [39]],
    [1, [5, 6, 23]],
    [2, [17]],
    [3, [0, 1, 2, 3]],
  ])(
    'is found and skipped with the reason, and no other one: %i engines, images %j',
    async (engines, poison) => {
      const { taken, skips, outcome } = await poisoned(40, poison, engines)
      expect(outcome).toEqual({ status: 'done' })
      expect(taken).toEqual([...Array(40).keys()].filter((image) => !poison.includes(image)))
      expect(skips.toSorted((a, b) => a.image - b.image)).toEqual(
        poison.map((image) => ({ image, reason: clause('images/stops-worker', { reason: 'crash' }) })),
      )
    },
  )

  it('costs four workers', async () => {
    expect((await poisoned(40, [0])).lost).toBe(4)
  })
})

it('memory that is short is no image’s fault: none is skipped', async () => {
  const { waiting, answer, fail, joins, outcome, skips } = await bench(6, 8, {}, 1)
  for (let engine = 1; engine < 6; engine++) {
    await fail(appError('backend/out-of-memory', { backend: 'WASM', layer: 'conv' }))
    waiting.length = 0
    joins(engine)
    await settled()
    expect(waiting[0]!.items).toHaveLength(size)
  }
  while (waiting.length > 0) await answer()
  expect(outcome.value).toEqual({ status: 'done' })
  expect(skips).toEqual([])
})

describe('the watchdog', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('finds an engine that does not answer, and its images go to another one', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { waiting, reports, answer, losses, outcome, held } = await bench(2, 200)
    // The second engine continues, the first one hangs.
    for (let seconds = 5; seconds < 120; seconds += 5) {
      vi.advanceTimersByTime(5000)
      await answer(waiting.findIndex(({ engine }) => engine === 1))
    }
    expect(losses).toEqual([])
    vi.advanceTimersByTime(5000)
    await settled()
    expect(losses[0]).toEqual({ error: appError('worker/hung', { seconds: 120 }), images: 4 })
    while (held(1) > 0) await answer(waiting.findIndex(({ engine }) => engine === 1))
    expect(outcome.value).toEqual({ status: 'done' })
    expect(reports.reduce((sum, { images }) => sum + images, 0)).toBe(200)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits twenty times as long as an answer took before', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { answer, losses } = await bench(1, 40)
    vi.advanceTimersByTime(50_000)
    await answer()
    vi.advanceTimersByTime(999_000)
    await settled()
    expect(losses).toEqual([])
    vi.advanceTimersByTime(1000)
    await settled()
    expect(losses[0]!.error).toEqual(appError('worker/hung', { seconds: 1000 }))
  })

  it('counts neither a pause nor what comes after the end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { run, waiting, answer, losses } = await bench(1, 40)
    run.pause()
    while (waiting.length > 0) await answer()
    vi.advanceTimersByTime(3600_000)
    run.resume()
    await settled()
    run.stop()
    vi.advanceTimersByTime(3600_000)
    await settled()
    expect(losses).toEqual([null])
  })
})

describe('failure', () => {
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
      tally: tally(() => {
        throw error
      }),
    })
    await answer()
    await settled()
    process.off('unhandledRejection', listen)
    expect(outcome.value).toEqual({ status: 'failed', error })
    expect(unhandled).toEqual([])
  })
})
