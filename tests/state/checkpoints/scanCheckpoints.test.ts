import 'fake-indexeddb/auto'
import { forceCloseDatabase, IDBDatabase, IDBFactory } from 'fake-indexeddb'
import { deleteDB, unwrap } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything } from '../../../src/core/images/selection.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { ImageMask } from '../../../src/core/scan/imageMask.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { inTurn } from '../../../src/core/timing/inTurn.ts'
import type { CheckpointEvent } from '../../../src/state/checkpoints/checkpointEvents.ts'
import type { CheckpointOptions } from '../../../src/state/checkpoints/scanCheckpoint.ts'
import { fakeLocks } from '../../fixtures/fakeLocks.ts'
import { deferred, readyApp } from '../../fixtures/fakeWorkers.ts'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('navigator', { locks: fakeLocks().of(0) })
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** The checkpoints of a tab with two layers that have been through one image. */
async function tab() {
  const { ScanCheckpoints } = await import('../../../src/state/checkpoints/scanCheckpoints.ts')
  const { listCheckpoints } = await import('../../../src/state/checkpoints/checkpointStore.ts')
  const { claimedScans } = await import('../../../src/state/checkpoints/tabLocks.ts')
  const { store } = await readyApp({}, 4)
  const { model, images } = store.getState()
  const mask = new ImageMask(4)
  mask.add(1)
  const results = [new LayerResult(1, 1, 1), new LayerResult(1, 1, 1)]
  const events: CheckpointEvent[] = []
  const options: CheckpointOptions = {
    model: model!,
    images: images!,
    names: ['first', 'second'],
    results,
    mask,
    preprocessing: notebookPreprocessing,
    k: 1,
    selection: everything,
    total: 4,
    backend: 'wasm',
    skipped: () => new Map(),
    settle: () => undefined,
    inTurn: inTurn(),
    on: (event) => events.push(event),
  }
  const checkpoints = new ScanCheckpoints(store.services.gallery)
  const heads = async (): Promise<string[]> => (await listCheckpoints()).map(({ id }) => id)
  return { checkpoints, options, results, mask, events, heads, claimedScans }
}

/** When the first layer has been copied into the database, and the second has not, this happens. */
function inTheMiddle([first, second]: readonly LayerResult[], then: () => void): void {
  const copied = first!.snapshot()
  vi.spyOn(first!, 'snapshot').mockImplementationOnce(() => {
    then()
    return copied
  })
  vi.spyOn(second!, 'snapshot')
}

describe('a checkpoint', () => {
  it('is there wholly, or not at all: what goes on in the middle of it drops it, which is no failure', async () => {
    const { checkpoints, options, results, events, heads } = await tab()
    const written = checkpoints.begin(options)
    inTheMiddle(results, () => void checkpoints.begin(options))
    await written.write()
    expect(await heads()).toEqual([])
    expect(events).toEqual([])
    expect(results[1]!.snapshot).not.toHaveBeenCalled()
    await written.ended
  })

  it('of a scan that goes on is that of the same record, and the one before writes no more', async () => {
    const { checkpoints, options, results, heads } = await tab()
    const first = checkpoints.begin(options)
    await first.write()
    const second = checkpoints.begin(options)
    expect(second.id).toBe(first.id)
    const snapshot = vi.spyOn(results[0]!, 'snapshot')
    await first.write()
    expect(snapshot).not.toHaveBeenCalled()
    await second.write()
    expect(snapshot).toHaveBeenCalledOnce()
    expect(await heads()).toEqual([first.id])
  })

  it('of another scan is another record beside it', async () => {
    const { checkpoints, options, heads } = await tab()
    const first = checkpoints.begin(options)
    await first.write()
    const mask = new ImageMask(4)
    mask.add(2)
    const other = checkpoints.begin({ ...options, names: ['second'], mask })
    await other.write()
    await first.write()
    expect(new Set(await heads())).toEqual(new Set([first.id, other.id]))
  })
})

describe('a scan whose results leave the page', () => {
  it('is there for other tabs once nothing of it is being written', async () => {
    const { checkpoints, options, claimedScans } = await tab()
    const checkpoint = checkpoints.begin(options)
    await checkpoint.write()
    expect(await claimedScans()).toEqual(new Set([checkpoint.id]))
    checkpoints.leave()
    const left = { is: false }
    void checkpoints.left.then(() => (left.is = true))
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(left.is).toBe(false)
    await checkpoint.end('stopped')
    await checkpoints.left
    expect(await claimedScans()).toEqual(new Set())
  })

  it('stays this tab’s if it goes on before it has left', async () => {
    const { checkpoints, options, claimedScans } = await tab()
    const checkpoint = checkpoints.begin(options)
    await checkpoint.write()
    checkpoints.leave()
    const again = checkpoints.begin(options)
    await checkpoint.end('stopped')
    await checkpoints.left
    expect(await claimedScans()).toEqual(new Set([again.id]))
  })
})

it('tells of a failure once, also where two scans fail', async () => {
  const { checkpoints, options, events } = await tab()
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new Error('no storage')
    },
  })
  for (let scan = 0; scan < 2; scan++) {
    const mask = new ImageMask(4)
    mask.add(scan)
    await checkpoints.begin({ ...options, mask }).end('done')
  }
  expect(events.map((event) => event.kind === 'failed' && event.silent)).toEqual([false, true])
})

/** A page that can be hidden and left. */
function fakePage(): { hide(): void; leave(): void } {
  const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  vi.stubGlobal('document', page)
  const listeners = new EventTarget()
  vi.stubGlobal('addEventListener', listeners.addEventListener.bind(listeners))
  vi.stubGlobal('removeEventListener', listeners.removeEventListener.bind(listeners))
  return {
    hide: () => page.dispatchEvent(new Event('visibilitychange')),
    leave: () => listeners.dispatchEvent(new Event('pagehide')),
  }
}

it('writes when its turn has come, not into the middle of a report', async () => {
  const { checkpoints, options, heads } = await tab()
  const page = fakePage()
  const gate = deferred()
  const report = options.inTurn(() => gate.promise)
  checkpoints.begin(options)
  page.hide()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await heads()).toEqual([])
  gate.resolve()
  await report
  await vi.waitFor(async () => expect(await heads()).toHaveLength(1))
})

it('writes at once when the page is left, with the rest of a report that is half taken in', async () => {
  const { checkpoints, options, mask, heads } = await tab()
  const { listCheckpoints } = await import('../../../src/state/checkpoints/checkpointStore.ts')
  const page = fakePage()
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
  // It never gets its turn.
  void options.inTurn(() => new Promise(() => undefined))
  checkpoints.begin({ ...options, settle: () => mask.add(3) })
  await vi.waitFor(() => {
    page.leave()
    expect(transaction).toHaveBeenCalled()
  })
  const [id] = await heads()
  expect(await listCheckpoints()).toMatchObject([{ id, status: 'unfinished', done: 2 }])
})

it('writes at once when the page is left, also if the store was emptied meanwhile', async () => {
  const { checkpoints, options, mask, heads } = await tab()
  const { database, listCheckpoints } = await import('../../../src/state/checkpoints/checkpointStore.ts')
  const page = fakePage()
  const checkpoint = checkpoints.begin(options)
  await checkpoint.write()
  const before = await database.open()
  forceCloseDatabase(unwrap(before) as never)
  await vi.waitFor(() => expect(database.connection).toBeNull())
  await deleteDB(before.name)
  // There is nothing to write to.
  page.leave()
  await checkpoint.write()
  mask.add(3)
  page.leave()
  const [id] = await heads()
  expect(await listCheckpoints()).toMatchObject([{ id, done: 2 }])
})

it('says what is kept of a scan that is paused', async () => {
  const { checkpoints, options, events, heads } = await tab()
  await checkpoints.begin(options).pause()
  const [id] = await heads()
  expect(events).toEqual([{ kind: 'kept', id, images: 1 }])
})
