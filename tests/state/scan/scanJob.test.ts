import { afterEach, expect, it, vi } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { ImageMask } from '../../../src/core/scan/imageMask.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { inTurn } from '../../../src/core/timing/inTurn.ts'
import type { ScanEvent } from '../../../src/state/scan/scanEvents.ts'
import { ScanJob } from '../../../src/state/scan/scanJob.ts'
import { type Behaviour, channels, deferred, fakeEngines, settled } from '../../fixtures/fakeWorkers.ts'
import { gatedBatches } from '../../fixtures/gatedBatches.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A job over 48 images in batches of 16, with what it tells and the status at that moment. */
function job(behaviour: Behaviour = {}, onSettled: () => Promise<void> | void = () => undefined) {
  const engines = fakeEngines(behaviour)
  const { remote } = engines.spawn()
  const told: string[] = []
  const hear = (event: ScanEvent): Promise<void> | void => {
    told.push(`${event.kind} ${made.phase.status} ${made.phase.progress.done}`)
    return event.kind === 'settled' ? onSettled() : undefined
  }
  const made: ScanJob = new ScanJob({
    pool: { replace: () => Promise.resolve(engines.spawn().remote), markBroken: () => undefined },
    images: { handleOf: () => Promise.resolve(new Blob()) },
    order: Uint32Array.from({ length: 48 }, (_, image) => image),
    mask: new ImageMask(48),
    names: ['first'],
    layers: [1],
    results: [new LayerResult(channels, 12, 1)],
    skipped: new Map(),
    preprocessing: notebookPreprocessing,
    maxPassSize: 16,
    inTurn: inTurn(),
    on: hear,
  })
  return { made, told, remote }
}

it('tells in turn what becomes of each report, with new numbers now and then, and its end', async () => {
  // From the first report on no time passes.
  vi.spyOn(performance, 'now').mockReturnValue(10_000)
  const { made, told, remote } = job()
  expect(made.phase).toMatchObject({ status: 'preparing', progress: { done: 0, total: 48 } })
  made.start([Promise.resolve(remote)])
  expect(await made.outcome).toEqual({ status: 'done' })
  expect(told).toEqual([
    'ready running 0',
    'taken running 0',
    'progress running 16',
    'settled running 16',
    'taken running 16',
    'settled running 16',
    'taken running 16',
    'settled running 16',
    'ended done 48',
  ])
  expect(made.phase).toMatchObject({ status: 'done', progress: { done: 48 }, seconds: 0 })
})

it('does not take the next report in before this one is settled', async () => {
  const gate = deferred()
  let reports = 0
  const { behaviour, answer } = gatedBatches()
  const { made, told, remote } = job(behaviour, () => (++reports === 2 ? gate.promise : undefined))
  made.start([Promise.resolve(remote)])
  await settled()
  for (let batch = 0; batch < 3; batch++) await answer()
  const taken = (): number => told.filter((line) => line.startsWith('taken')).length
  expect(taken()).toBe(2)
  gate.resolve()
  await settled()
  expect(taken()).toBe(3)
  expect(await made.outcome).toEqual({ status: 'done' })
})

it('tells at a pause, so that what there is can be kept, and when all that was under way has come in', async () => {
  // It counts from the start of the process, and a first update comes only after half a second of that.
  vi.spyOn(performance, 'now').mockReturnValue(10_000)
  const { behaviour, answer, waiting } = gatedBatches()
  const { made, told, remote } = job(behaviour)
  made.start([Promise.resolve(remote)])
  await settled()
  made.pause()
  expect(made.phase).toMatchObject({ status: 'paused', progress: { done: 0 } })
  await settled()
  expect(told.slice(-2)).toEqual(['progress paused 0', 'settled paused 0'])
  await answer()
  expect(waiting()).toBe(0)
  expect(told.slice(-3)).toEqual(['settled paused 0', 'progress paused 16', 'settled paused 16'])
  made.resume()
  expect(made.phase.status).toBe('running')
  made.stop()
  expect(made.phase).toMatchObject({ status: 'stopped', progress: { done: 16 } })
  made.resume()
  made.pause()
  expect(made.phase.status).toBe('stopped')
  expect(await made.outcome).toEqual({ status: 'stopped' })
})

it.each([
  ['before an engine is ready', 'preparing', false],
  ['when one became ready meanwhile', 'running', true],
])('goes on after a pause as it was, %s', async (_, status, isReady) => {
  const gate = deferred()
  const { made, remote } = job({ beginScan: () => gate.promise })
  made.start([Promise.resolve(remote)])
  await settled()
  made.pause()
  if (isReady) gate.resolve()
  await settled()
  expect(made.phase.status).toBe('paused')
  made.resume()
  expect(made.phase.status).toBe(status)
  made.stop()
  gate.resolve()
  await made.outcome
})
